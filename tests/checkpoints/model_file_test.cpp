#include "checkpoints/model_file.h"

#include <gtest/gtest.h>

#include "common/files.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

TEST(ModelFile, DescribesItself) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  const ModelFile model{{{"name", "red"}, {"widths", {8, 16}}},
                        {{"task", "denoise"}, {"recipe", "grain:\n  sigma: 25\n"}},
                        {{"stem.weight", at::arange(5)}}};
  write_model_file(path, model);
  const ModelFile read = read_model_file(path);
  EXPECT_EQ(read.network, model.network);
  EXPECT_EQ(read.about, model.about);
  ASSERT_EQ(read.weights.size(), 1U);
  EXPECT_EQ(read.weights[0].name, "stem.weight");
  EXPECT_TRUE(at::equal(read.weights[0].tensor, at::arange(5)));
}

TEST(ModelFile, RefusesFilesThatAreNone) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  const auto expect_refusal = [&](const char* message) {
    const auto read = [&] { read_model_file(path); };
    tests::expect_error(common::ErrorKind::corrupt, path.string(), read);
    tests::expect_error(common::ErrorKind::corrupt, message, read);
  };
  const auto with_metadata = [&](std::map<std::string, std::string> metadata) {
    write_safetensors(path, {{{"a", at::ones({1})}}, std::move(metadata)});
  };
  common::write_file_atomically(path, "\x89PNG\r\n\x1a\n, certainly no model");
  expect_refusal("not a valid safetensors file");
  with_metadata({{"format", "pt"}});
  expect_refusal("a safetensors file but not a model of restore");
  with_metadata({{"restore.format_version", "2"}});
  expect_refusal("format version 2; this program reads 1");
  with_metadata({{"restore.format_version", "1"}, {"restore.network", "{"}});
  expect_refusal("'restore.network' is not JSON");
  with_metadata({{"restore.format_version", "1"}, {"restore.network", "{}"}});
  expect_refusal("without 'restore.about'");
}

}  // namespace
}  // namespace checkpoints

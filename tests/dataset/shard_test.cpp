#include "dataset/store/shard.h"

#include <gtest/gtest.h>

#include "dataset/store/shard_writer.h"
#include "tests/dataset/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {
namespace fs = std::filesystem;
using common::ErrorKind;

TEST(Shard, HoldsWhatWasWritten) {
  const TestFolder folder;
  write_test_shard(folder / "a.h5", 3, 40);
  const Shard shard(folder / "a.h5");
  std::vector<uint8_t> clean(3 * 256), aged(256), damage(256);
  shard.read(2, clean.data(), aged.data(), damage.data());
  EXPECT_EQ(clean, test_clean(42));
  EXPECT_EQ(aged, test_aged());
  EXPECT_EQ(damage, test_damage());
  EXPECT_EQ(shard.origin(2).photo, 42);
  EXPECT_EQ(shard.origin(2).y, 6);
  EXPECT_TRUE(shard.defects().empty());
}

class FlippedBit : public testing::TestWithParam<ShardArray> {};

TEST_P(FlippedBit, IsFoundByArrayAndSample) {
  const TestFolder folder;
  write_test_shard(folder / "a.h5", 3, 0);
  flip_bit(folder / "a.h5", read_shard_file(folder / "a.h5").offset(GetParam(), 1) + 5);
  const std::vector<std::string> defects = Shard(folder / "a.h5").defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_THAT(defects[0],
              testing::HasSubstr(std::string("a.h5: ") + to_string(GetParam()) + " of sample 1 "));
}

INSTANTIATE_TEST_SUITE_P(Arrays, FlippedBit,
                         testing::Values(ShardArray::clean, ShardArray::aged, ShardArray::damage,
                                         ShardArray::origin));

TEST(Shard, AFlippedBitInsideHdf5sOwnPartIsRefused) {
  const TestFolder folder;
  write_test_shard(folder / "a.h5", 1, 0);
  flip_bit(folder / "a.h5", 20);  // in the superblock: where the root group lies
  expect_error(ErrorKind::corrupt, "a.h5", [&] { Shard shard(folder / "a.h5"); });
}

TEST(Shard, ATruncatedFileIsRefused) {
  const TestFolder folder;
  write_test_shard(folder / "a.h5", 3, 0);
  for (const uintmax_t lost : {uintmax_t{1}, uintmax_t{1000}, fs::file_size(folder / "a.h5") - 7}) {
    fs::resize_file(folder / "a.h5", fs::file_size(folder / "a.h5") - lost);
    expect_error(ErrorKind::corrupt, "truncated", [&] { Shard shard(folder / "a.h5"); });
    write_test_shard(folder / "a.h5", 3, 0);
  }
}

TEST(ShardWriter, LeavesNothingOfAnUnfinishedShard) {
  const TestFolder folder;
  { const ShardWriter writer(folder / "a.h5", 2, kTestPatch, "{}"); }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ShardWriter, DoesNotNameAShardOfWhichASampleIsMissing) {
  const TestFolder folder;
  ShardWriter writer(folder / "a.h5", 2, kTestPatch, "{}");
  writer.write(0, {test_clean(0).data(), test_aged().data(), test_damage().data(), {}});
  expect_error(ErrorKind::corrupt, "sample 1", [&] { writer.finish(); });
  EXPECT_FALSE(fs::exists(folder / "a.h5"));
}

TEST(ShardWriter, MakesAShardWithoutSamples) {
  const TestFolder folder;
  write_test_shard(folder / "a.h5", 0, 0);
  EXPECT_EQ(Shard(folder / "a.h5").samples(), 0);
}

TEST(ShardWriter, AnUnknownFolderIsAnIoError) {
  const TestFolder folder;
  expect_error(ErrorKind::io, "nowhere",
               [&] { ShardWriter writer(folder / "nowhere/a.h5", 1, kTestPatch, "{}"); });
}

}  // namespace
}  // namespace dataset

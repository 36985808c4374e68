#include "restore/load_network.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "checkpoints/export_model.h"
#include "checkpoints/model_file.h"
#include "common/error.h"
#include "device/torch.h"
#include "tests/common/temporary_folder.h"

using common::ErrorKind;
using testing::HasSubstr;
using tests::TemporaryFolder;

namespace {

checkpoints::ModelFile small_model(uint64_t seed) {
  const model::NetworkConfig config{.name = "restorer",
                                    .widths = {},
                                    .blocks = 1,
                                    .find = {4, 8},
                                    .restore = {4, 8},
                                    .colourise = {4}};
  checkpoints::ModelFile file{network_json(config), nlohmann::json::object(), {}};
  for (const auto& [name, tensor] : make_network(config, seed)->weights()) {
    file.weights.push_back({name, tensor.detach()});
  }
  return file;
}

template <class Action>
void expect_refused(Action&& action, ErrorKind kind, const std::string& words) {
  try {
    action();
    FAIL() << "not refused: " << words;
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

void expect_model_refused(const checkpoints::ModelFile& file, const std::string& words) {
  const tests::TemporaryFolder folder;
  write_model_file(folder / "m.safetensors", file);
  expect_refused([&] { restore::load_network(folder / "m.safetensors"); }, ErrorKind::corrupt,
                 words);
}

}  // namespace

TEST(LoadNetwork, TakesEveryWeightFromTheFile) {
  const tests::TemporaryFolder folder;
  const auto file = small_model(5);
  write_model_file(folder / "m.safetensors", file);
  const auto loaded = restore::load_network(folder / "m.safetensors");
  const auto weights = loaded.network->weights();
  ASSERT_EQ(weights.size(), file.weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_EQ(weights[i].name, file.weights[i].name);
    EXPECT_TRUE(weights[i].tensor.equal(file.weights[i].tensor)) << weights[i].name;
  }
  EXPECT_EQ(loaded.description, "restorer, find 4,8, restore 4,8, colourise 4");
}

TEST(LoadNetwork, TakesHalfPrecisionWeightsAndComputesInSingle) {
  const tests::TemporaryFolder folder;
  auto file = small_model(5);
  checkpoints::round_to_half(file);
  write_model_file(folder / "m.safetensors", file);
  const auto weights = restore::load_network(folder / "m.safetensors").network->weights();
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_EQ(weights[i].tensor.scalar_type(), at::kFloat);
    EXPECT_TRUE(weights[i].tensor.equal(file.weights[i].tensor.to(at::kFloat))) << weights[i].name;
  }
}

TEST(LoadNetwork, RefusesWeightsThatAreNotThoseOfTheNetwork) {
  auto missing = small_model(5);
  const std::string name = missing.weights.back().name;
  missing.weights.pop_back();
  expect_model_refused(missing, "'" + name + "' is missing");

  auto foreign = small_model(5);
  foreign.weights.push_back({"another.weight", foreign.weights[0].tensor});
  expect_model_refused(foreign, "'another.weight' belongs to no part");

  auto reshaped = small_model(5);
  reshaped.weights[0].tensor = reshaped.weights[0].tensor.flatten();
  expect_model_refused(reshaped, "its network wants");

  auto counted = small_model(5);
  counted.weights[0].tensor = counted.weights[0].tensor.to(at::kInt);
  expect_model_refused(counted, "its network wants");

  auto unknown = small_model(5);
  unknown.network["name"] = "resnet";
  expect_model_refused(unknown, "cannot be built here");
}

TEST(LoadNetwork, RefusesAFileThatIsNoModel) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "m.safetensors") << "not a model at all, but longer than a header";
  expect_refused([&] { restore::load_network(folder / "m.safetensors"); }, ErrorKind::corrupt,
                 "m.safetensors");
}

TEST(FindModel, AsksTheCommandLineThenTheEnvironmentAndSaysHowToGetOne) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "a") << "a";
  std::ofstream(folder / "b") << "b";
  setenv("RESTORE_MODEL", (folder / "b").c_str(), 1);
  EXPECT_EQ(restore::find_model(folder / "a"), folder / "a");
  EXPECT_EQ(restore::find_model(""), folder / "b");
  std::filesystem::remove(folder / "b");
  expect_refused([] { restore::find_model(""); }, ErrorKind::usage, "scripts/demo");
  unsetenv("RESTORE_MODEL");
}

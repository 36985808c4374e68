#include "checkpoints/export_model.h"

#include <gtest/gtest.h>

#include "common/files.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

using common::ErrorKind;

Checkpoint exported_checkpoint(int64_t step) {
  Checkpoint checkpoint{
      {}, {{"model.w", at::full({2}, 1.0)}, {"ema.w", at::full({2}, static_cast<double>(step))}}};
  checkpoint.state.step = step;
  checkpoint.state.network = {{"name", "restorer"}};
  checkpoint.state.recipe = "grain: {}";
  checkpoint.state.patience_left = 3;
  return checkpoint;
}

TEST(ExportModel, TakesTheAveragedWeightsUnderTheirOwnNames) {
  const ModelFile model = exported_model(exported_checkpoint(5));
  ASSERT_EQ(model.weights.size(), 1U);
  EXPECT_EQ(model.weights[0].name, "w");
  EXPECT_EQ(model.weights[0].tensor[0].item<double>(), 5);
  EXPECT_EQ(model.network["name"], "restorer");
  EXPECT_EQ(model.about["recipe"], "grain: {}");
  EXPECT_FALSE(model.about.contains("patience_left"));
}

TEST(ExportModel, RefusesACheckpointWithoutThem) {
  Checkpoint checkpoint = exported_checkpoint(5);
  checkpoint.tensors.pop_back();
  tests::expect_error(ErrorKind::corrupt, "no averaged weights",
                      [&] { exported_model(checkpoint); });
}

TEST(ExportModel, JoinsThePartsOfSeveralRuns) {
  const auto part = [](const char* name, int blocks = 2) {
    ModelFile model;
    model.network = {{"name", "restorer"},
                     {"blocks", blocks},
                     {"find", nlohmann::json::array()},
                     {"restore", nlohmann::json::array()},
                     {"colourise", nlohmann::json::array()}};
    model.network[name] = {8, 16};
    model.about = {{"step", 7}};
    model.weights = {{std::string(name) + ".w", at::ones({2})}};
    return model;
  };
  const ModelFile both = joined({part("find"), part("restore")});
  EXPECT_EQ(both.network["find"], nlohmann::json({8, 16}));
  EXPECT_EQ(both.network["restore"], nlohmann::json({8, 16}));
  EXPECT_TRUE(both.network["colourise"].empty());
  EXPECT_EQ(both.weights.size(), 2U);
  EXPECT_EQ(both.about["parts"].size(), 2U);
  EXPECT_EQ(joined({part("find")}).about["step"], 7);
  tests::expect_error(ErrorKind::usage, "two runs have the part 'find'", [&] {
    joined({part("find"), part("find")});
  });
  tests::expect_error(ErrorKind::usage, "network.blocks", [&] {
    joined({part("find"), part("restore", 3)});
  });
  tests::expect_error(ErrorKind::usage, "only the parts of a restorer", [&] {
    joined({exported_model(exported_checkpoint(5)), part("find")});
  });
}

TEST(ExportModel, WritesOverModelFilesAlone) {
  const tests::TemporaryFolder folder;
  const auto refusal = [](const std::filesystem::path& place, const char* message) {
    tests::expect_error(ErrorKind::usage, message, [&] { require_place_for_model(place); });
  };
  refusal("", "name a file");
  refusal(folder.path(), "is a folder");
  common::write_file_atomically(folder / "summary.json", "{}");
  refusal(folder / "summary.json", "is no model file");
  require_place_for_model(folder / "new.safetensors");
  write_model_file(folder / "old.safetensors", exported_model(exported_checkpoint(3)));
  require_place_for_model(folder / "old.safetensors");
}

TEST(ExportModel, RoundsToHalfWhatFits) {
  ModelFile model = exported_model(exported_checkpoint(3));
  model.weights[0].tensor[0] = 1.0 / 3;
  round_to_half(model);
  EXPECT_EQ(model.weights[0].tensor.scalar_type(), at::kHalf);
  EXPECT_NEAR(model.weights[0].tensor[0].item<double>(), 1.0 / 3, 1.0 / 3 / 2048);
  EXPECT_EQ(model.weights[0].tensor[1].item<double>(), 3);
  model.weights[0].tensor = at::full({2}, 1e5);
  tests::expect_error(ErrorKind::corrupt, "'w' is not finite or too large",
                      [&] { round_to_half(model); });
}

TEST(ExportModel, ChoosesBestNewestOrByDirectory) {
  const tests::TemporaryFolder run;
  const auto refusal = [&](const char* which, const char* message,
                           ErrorKind kind = ErrorKind::usage) {
    tests::expect_error(kind, message, [&] { choose_checkpoint(run.path(), which); });
  };
  refusal("best", "is not the folder of a run");
  CheckpointFolder folder(run.path() / "checkpoints", 3);
  folder.save(exported_checkpoint(1), false);
  refusal("best", "no best checkpoint yet");
  folder.save(exported_checkpoint(2), true);
  folder.save(exported_checkpoint(3), false);
  EXPECT_EQ(choose_checkpoint(run.path(), "best").state.step, 2);
  EXPECT_EQ(choose_checkpoint(run.path(), "newest").state.step, 3);
  EXPECT_EQ(choose_checkpoint(run.path(), run.path() / "checkpoints/step-00000001").state.step, 1);
  refusal("/nonexistent", "/nonexistent is not a complete checkpoint", ErrorKind::corrupt);
}

TEST(ExportModel, TellsOfABetterCheckpointThanTheChosen) {
  const tests::TemporaryFolder run;
  CheckpointFolder folder(run.path() / "checkpoints", 3);
  folder.save(exported_checkpoint(1), false);
  EXPECT_EQ(other_best_step(run.path(), 1), std::nullopt);
  folder.save(exported_checkpoint(2), true);
  folder.save(exported_checkpoint(3), false);
  EXPECT_EQ(other_best_step(run.path(), 2), std::nullopt);
  EXPECT_EQ(other_best_step(run.path(), 3), 2);
}

}  // namespace
}  // namespace checkpoints

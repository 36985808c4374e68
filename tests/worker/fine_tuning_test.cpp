// A run that begins with a model file, and one whose weights are partly frozen.
#include <gtest/gtest.h>

#include <stop_token>

#include "checkpoints/export_model.h"
#include "comm/group.h"
#include "common/error.h"
#include "common/files.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/worker/tiny_store.h"
#include "worker/job.h"
#include "worker/trainer_state.h"
#include "worker/weights.h"

namespace {

namespace fs = std::filesystem;

class FineTuning : public testing::Test {
 protected:
  FineTuning() { write_tiny_store(folder_ / "store"); }
  worker::TrainConfig config(const std::string& name) const { return tiny_config(folder_, name); }

  /// Writes the model file of a network whose `restore` has these widths, drawn from another seed
  /// than runs have; returns its weights.
  std::vector<device::NamedTensor> write_model(const std::vector<int64_t>& widths) {
    auto other = config("other");
    other.network.restore = widths;
    other.run.seed = 77;
    worker::TrainerState trainer(group_, other);
    checkpoints::ModelFile model{model::network_json(other.network), {{"task", "test"}}, {}};
    for (const auto& [name, tensor] : trainer.weights) {
      model.weights.push_back({name, tensor.detach()});
    }
    checkpoints::write_model_file(model_, model);
    return trainer.weights;
  }
  worker::TrainerState fresh_trainer(const worker::TrainConfig& config) { return {group_, config}; }
  int run(const worker::TrainConfig& config) { return run_tiny_job(group_, config); }
  /// One step: it is asked to stop before the first.
  int run_one_step(const worker::TrainConfig& config) {
    std::stop_source stop;
    stop.request_stop();
    return run_tiny_job(group_, config, stop.get_token());
  }
  static std::string final_hash(const worker::TrainConfig& config) {
    return nlohmann::json::parse(
        common::read_file(config.run.path() / "summary.json"))["weights_xxh3"];
  }
  const tests::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  comm::SingleGroup group_;
  const fs::path model_ = folder_ / "model.safetensors";
};

TEST_F(FineTuning, BeginsWithTheWeightsOfTheFileAndTheirAverage) {
  const auto other = write_model({4, 8});
  worker::TrainerState trainer = fresh_trainer(config("tuned"));
  EXPECT_NE(worker::weights_xxh3(trainer.weights), worker::weights_xxh3(other));
  worker::take_weights_of_model(model_, trainer);
  EXPECT_EQ(worker::weights_xxh3(trainer.weights), worker::weights_xxh3(other));
  EXPECT_EQ(worker::weights_xxh3(trainer.ema_weights), worker::weights_xxh3(other));
}

TEST_F(FineTuning, DrawsTheWeightsThatTheFileLacksOrHasInAnotherShape) {
  const auto other = write_model({4, 12});
  worker::TrainerState trainer = fresh_trainer(config("tuned"));
  const worker::TrainerState drawn = fresh_trainer(config("drawn"));
  worker::take_weights_of_model(model_, trainer);
  int taken = 0;
  for (size_t i = 0; i < trainer.weights.size(); ++i) {
    const auto& [name, tensor] = trainer.weights[i];
    const bool fits = other[i].tensor.sizes() == tensor.sizes();
    taken += fits ? 1 : 0;
    EXPECT_TRUE(at::equal(tensor, (fits ? other : drawn.weights)[i].tensor)) << name;
  }
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, static_cast<int>(trainer.weights.size()));
}

TEST_F(FineTuning, RefusesAFileOfWhichNothingFits) {
  checkpoints::write_model_file(
      model_,
      {nlohmann::json::object(),
       nlohmann::json::object(),
       {{"elsewhere.weight", at::Tensor(fresh_trainer(config("x")).weights[0].tensor.detach())}}});
  worker::TrainerState trainer = fresh_trainer(config("tuned"));
  tests::expect_error(common::ErrorKind::config, "in the file: elsewhere.weight",
                      [&] { worker::take_weights_of_model(model_, trainer); });
}

TEST_F(FineTuning, GoesOnFromItsCheckpointWithoutTheFile) {
  write_model({4, 8});
  auto whole = config("whole"), stopped = config("stopped");
  const auto untuned = config("untuned");
  whole.run.init = stopped.run.init = model_.string();
  run(whole);
  run(untuned);
  EXPECT_EQ(run_one_step(stopped), common::kExitRequeue);
  fs::remove(model_);
  EXPECT_EQ(run(stopped), common::kExitDone);
  EXPECT_EQ(final_hash(stopped), final_hash(whole));
  EXPECT_NE(final_hash(whole), final_hash(untuned));
}

TEST_F(FineTuning, FrozenWeightsStayAsTheyWereAndAreExported) {
  auto frozen = config("frozen");
  frozen.optimizer.freeze = {"find.*", "restore.stem.*"};
  EXPECT_EQ(run(frozen), common::kExitDone);
  const auto checkpoint = checkpoints::choose_checkpoint(frozen.run.path(), "newest");
  const auto exported = checkpoints::exported_model(checkpoint);
  const worker::TrainerState first = fresh_trainer(config("first"));
  ASSERT_EQ(exported.weights.size(), first.weights.size());
  for (const auto& [name, tensor] : first.weights) {
    const auto found = std::ranges::find(exported.weights, name, &device::NamedTensor::name);
    ASSERT_NE(found, exported.weights.end()) << name;
    const bool is_frozen = name.starts_with("find.") || name.starts_with("restore.stem.");
    EXPECT_EQ(at::equal(found->tensor, tensor), is_frozen) << name;
  }
  for (const auto& [name, tensor] : checkpoint.tensors) {
    EXPECT_FALSE(name.starts_with("adam_m.find.")) << name;
  }
}

TEST_F(FineTuning, StoppedWithFrozenWeightsItEndsWithTheWeightsOfOneThatWasNot) {
  auto whole = config("whole"), stopped = config("stopped");
  whole.optimizer.freeze = stopped.optimizer.freeze = {"*.conv1.*"};
  run(whole);
  EXPECT_EQ(run_one_step(stopped), common::kExitRequeue);
  EXPECT_EQ(run(stopped), common::kExitDone);
  EXPECT_EQ(final_hash(stopped), final_hash(whole));
}

TEST_F(FineTuning, RefusesToGoOnWithOtherFrozenWeights) {
  auto config = this->config("thawed");
  config.optimizer.freeze = {"find.*"};
  run_one_step(config);
  config.optimizer.freeze = {};
  tests::expect_error(common::ErrorKind::config, "another set of frozen weights",
                      [&] { run(config); });
}

}  // namespace

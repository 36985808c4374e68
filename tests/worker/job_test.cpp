#include "worker/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <utility>

#include "comm/group.h"
#include "common/config.h"
#include "common/error.h"
#include "common/files.h"
#include "model/precision.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/worker/tiny_store.h"

namespace {

namespace fs = std::filesystem;
using common::ErrorKind;
using testing::HasSubstr;

class Job : public testing::Test {
 protected:
  Job() { write_tiny_store(folder_ / "store"); }
  worker::TrainConfig config(const std::string& name) const { return tiny_config(folder_, name); }
  int run(const worker::TrainConfig& config, const std::string& resume = "auto") {
    return run(config, resume, {});
  }
  /// One step: it is asked to stop before the first.
  int run_asked_to_stop(const worker::TrainConfig& config) {
    std::stop_source stop;
    stop.request_stop();
    return run(config, "auto", stop.get_token());
  }
  int run(const worker::TrainConfig& config, const std::string& resume, std::stop_token stop) {
    comm::SingleGroup group;
    return run_tiny_job(group, config, std::move(stop), {.resume = resume});
  }
  void expect_refusal(ErrorKind kind, const std::string& words, const worker::TrainConfig& config,
                      const std::string& resume = "auto") {
    tests::expect_error(kind, words, [&] { run(config, resume); });
  }
  static nlohmann::json summary(const worker::TrainConfig& config) {
    return nlohmann::json::parse(common::read_file(config.run.path() / "summary.json"));
  }
  static std::vector<nlohmann::json> metrics(const worker::TrainConfig& config) {
    std::ifstream file(config.run.path() / "metrics.jsonl");
    std::vector<nlohmann::json> rows;
    for (std::string line; std::getline(file, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  }
  const tests::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(Job, RefusesAPartThatItWouldNotTrain) {
  auto config = tiny_config(folder_, "both");
  config.network.denoise = {4, 8};
  expect_refusal(ErrorKind::config, "network.denoise=[]", config);
  config.optimizer.freeze = {"denoise.*"};
  EXPECT_EQ(run(config), common::kExitDone);
  config = tiny_config(folder_, "alone");
  config.network.denoise = {4, 8};
  config.network.find = config.network.restore = config.network.colourise = {};
  EXPECT_EQ(run(config), common::kExitDone);
}

TEST_F(Job, TrainsRecordsAndSumsUp) {
  const auto config = this->config("whole");
  EXPECT_EQ(run(config), common::kExitDone);
  const auto said = summary(config);
  EXPECT_EQ(said["steps"], 8);
  EXPECT_EQ(said["samples"], 8 * 4 * 2);
  EXPECT_EQ(said["stop_reason"], "steps");
  EXPECT_EQ(said["num_workers"], 1);
  std::vector<std::pair<int64_t, std::string>> rows;
  for (const auto& row : metrics(config)) rows.emplace_back(row["step"], row["kind"]);
  EXPECT_EQ(rows, (std::vector<std::pair<int64_t, std::string>>{{2, "train"},
                                                                {4, "train"},
                                                                {4, "validation"},
                                                                {6, "train"},
                                                                {8, "train"},
                                                                {8, "validation"}}));
  EXPECT_FALSE(fs::exists(config.run.path() / "owner.json"));
}

TEST_F(Job, LearnsToRestore) {
  auto config = this->config("learns");
  config.schedule.steps = 60;
  config.validation.every_steps = 60;
  config.optimizer.learning_rate = 5e-3;
  run(config);
  const auto said = summary(config);
  EXPECT_GT(said["last_psnr"].get<double>(), said["aged_psnr"].get<double>() + 0.5);
}

TEST_F(Job, ComputesInTheFastestPrecisionUnlessToldOtherwise) {
  auto config = this->config("auto"), told = this->config("told");
  config.run.precision = "auto";
  told.run.precision = model::processor_has_bf16() ? "bf16" : "fp32";
  run(config);
  run(told);
  EXPECT_EQ(summary(config)["weights_xxh3"], summary(told)["weights_xxh3"]);
}

TEST_F(Job, LearnsInBf16WhereTheProcessorMultipliesIt) {
  auto config = this->config("bf16");
  config.run.precision = "bf16";
  config.schedule.steps = 60;
  config.validation.every_steps = 60;
  config.optimizer.learning_rate = 5e-3;
  if (!model::processor_has_bf16()) {
    expect_refusal(ErrorKind::config, "this processor does not multiply bf16", config);
    return;
  }
  run(config);
  const auto said = summary(config);
  EXPECT_GT(said["last_psnr"].get<double>(), said["aged_psnr"].get<double>() + 0.5);
}

TEST_F(Job, StoppedAfterEveryStepItEndsWithTheWeightsOfOneThatWasNot) {
  const auto whole = config("whole"), stopped = config("stopped");
  run(whole);
  int starts = 1;
  while (run_asked_to_stop(stopped) == common::kExitRequeue && starts < 20) ++starts;
  EXPECT_EQ(starts, 9);  // eight of one step each, and one that finds the run over
  EXPECT_EQ(summary(stopped)["weights_xxh3"], summary(whole)["weights_xxh3"]);
  EXPECT_EQ(summary(stopped)["best_psnr"], summary(whole)["best_psnr"]);
  EXPECT_EQ(summary(stopped)["stop_reason"], "steps");
}

TEST_F(Job, GoesOnFromTheNewestWholeCheckpoint) {
  const auto whole = config("whole"), damaged = config("damaged");
  run(whole);
  for (int start = 0; start < 3; ++start) run_asked_to_stop(damaged);
  std::ofstream(damaged.run.path() / "checkpoints/step-00000003/state.safetensors") << "cut off";
  EXPECT_EQ(run(damaged), common::kExitDone);
  EXPECT_EQ(summary(damaged)["weights_xxh3"], summary(whole)["weights_xxh3"]);
}

TEST_F(Job, GoesOnFromTheCheckpointThatIsNamed) {
  const auto whole = config("whole"), earlier = config("earlier");
  run(whole);
  for (int start = 0; start < 3; ++start) run_asked_to_stop(earlier);
  EXPECT_EQ(run(earlier, (earlier.run.path() / "checkpoints/step-00000002").string()), 0);
  EXPECT_EQ(summary(earlier)["weights_xxh3"], summary(whole)["weights_xxh3"]);
  expect_refusal(ErrorKind::corrupt, "nowhere", earlier, "nowhere");
}

TEST_F(Job, ThatIsOverIsLeftAsItIs) {
  const auto config = this->config("over");
  run(config);
  const auto before = fs::last_write_time(config.run.path() / "summary.json");
  EXPECT_EQ(run(config), common::kExitDone);
  EXPECT_EQ(fs::last_write_time(config.run.path() / "summary.json"), before);
}

TEST_F(Job, StopsWhenValidationGainsNothing) {
  auto config = this->config("patient");
  config.schedule.steps = 100;
  config.validation.every_steps = 2;
  config.validation.patience = 2;
  config.validation.min_delta = 50;
  run(config);
  EXPECT_EQ(summary(config)["stop_reason"], "patience");
  EXPECT_EQ(summary(config)["steps"], 6);  // the first validation gains, the next two do not
}

TEST_F(Job, EndsWithTheTime) {
  auto config = this->config("short");
  config.schedule.steps = 1'000'000;
  config.schedule.max_minutes = 0.005;
  run(config);
  EXPECT_EQ(summary(config)["stop_reason"], "minutes");
}

TEST_F(Job, GivesUpWhenGradientsStayNonFinite) {
  auto config = this->config("diverging");
  config.optimizer.max_skipped = 2;
  config.loss.charbonnier = 1e38;  // the loss overflows
  config.loss.damage_emphasis = 1e38;
  expect_refusal(ErrorKind::numeric, "3 steps in a row were not finite", config);
}

TEST_F(Job, RefusesWhatDoesNotFit) {
  auto config = this->config("misfit");
  config.sampling.crop = 7;
  expect_refusal(ErrorKind::config, "sampling.crop is 7, this network takes multiples of", config);
  config = this->config("misfit");
  config.data.store = (folder_ / "nowhere").string();
  expect_refusal(ErrorKind::usage, "nowhere", config);
  EXPECT_FALSE(fs::exists(config.run.path()));
}

TEST_F(Job, RefusesACheckpointOfAnotherRun) {
  auto config = this->config("run");
  run_asked_to_stop(config);
  config.network.restore = {4, 12};
  expect_refusal(ErrorKind::config, "of another network", config);
  config = this->config("run");
  config.schedule.micro_batches_per_step = 2;
  expect_refusal(ErrorKind::config, "another number of samples a step", config);
  expect_refusal(ErrorKind::usage, "holds an earlier run", this->config("run"), "never");
}

TEST_F(Job, DryRunWritesNothing) {
  const auto config = this->config("dry");
  comm::SingleGroup group;
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_tiny_job(group, config, {}, {.dry_run = true}), common::kExitDone);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr(common::config_yaml(config)));
  EXPECT_FALSE(fs::exists(config.run.path()));
}

}  // namespace

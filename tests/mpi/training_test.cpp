// The same run at any number of workers: expectations come from a job of one, run beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <stop_token>

#include "comm/flight_recorder.h"
#include "comm/group.h"
#include "comm/summation_tree.h"
#include "common/error.h"
#include "common/files.h"
#include "dataset/sampling/load_samples.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/mpi/mpi_job.h"
#include "tests/worker/tiny_store.h"
#include "worker/job.h"
#include "worker/process.h"
#include "worker/training_loop.h"
#include "worker/validation.h"
#include "worker/weights.h"

namespace {

namespace fs = std::filesystem;

class Training : public testing::Test {
 protected:
  Training() {
    worker::use_threads(1, 1);
    if (mpi_job().rank() == 0) {
      fs::remove_all(folder_);
      write_tiny_store(folder_ / "store");
    }
    mpi_job().barrier();
  }
  ~Training() override {
    mpi_job().barrier();
    if (mpi_job().rank() == 0) fs::remove_all(folder_);
  }

  /// Trains for some steps in this group; returns the loss of each.
  std::vector<double> train(comm::Group& group, const worker::TrainConfig& config,
                            worker::TrainerState& trainer, int64_t steps) const {
    const dataset::Store store(config.data.store);
    const worker::MicroBatchPlan plan(config.schedule.micro_batches_per_step, group.rank(),
                                      group.size(), config.comm.order_of_sums());
    worker::ForwardBackward forward_backward(trainer, config);
    std::vector<double> losses;
    checkpoints::RunState state;
    for (int64_t turn = 0; state.step < steps; ++state.step) {
      const auto next = [&] {
        const int64_t m = config.schedule.micro_batch_size;
        return worker::tensors_of(
            dataset::load_samples(store, config.sampling, 1, plan.number(0, turn++) * m, m));
      };
      const auto result =
          worker::train_step({group, plan, config, trainer, forward_backward}, {state, 0, next});
      losses.push_back(result.figures.loss);
    }
    return losses;
  }
  worker::TrainConfig unsaved(const std::string& reduction = "fast") const {
    auto config = tiny_config(folder_, "unsaved");
    config.comm.reduction = reduction;
    return config;
  }
  /// Named after mpirun's process: the same for its workers, another for another test that runs
  /// now.
  const fs::path folder_ =
      fs::path(testing::TempDir()) / ("mpi_training_" + std::to_string(getppid()));
};

TEST_F(Training, ByTreeGivesTheBitsOfOneWorkerAtAnyNumber) {
  auto config = unsaved("tree");
  int num_compared = 0;
  for (const int64_t micro_batches : {4, 8, 12}) {
    config.schedule.micro_batches_per_step = micro_batches;
    const auto keep = comm::workers_that_keep_the_tree(micro_batches);
    if (std::find(keep.begin(), keep.end(), mpi_job().size()) == keep.end()) continue;
    comm::SingleGroup single;
    worker::TrainerState alone(single, config), together(mpi_job(), config);
    EXPECT_EQ(train(mpi_job(), config, together, 5), train(single, config, alone, 5));
    EXPECT_EQ(worker::weights_xxh3(together.weights), worker::weights_xxh3(alone.weights));
    EXPECT_EQ(worker::weights_xxh3(together.ema_weights), worker::weights_xxh3(alone.ema_weights));
    ++num_compared;
  }
  EXPECT_GT(num_compared, 0);
}

TEST_F(Training, ByTreeRefusesANumberOfWorkersThatCannotKeepIt) {
  auto config = unsaved("tree");
  const int size = mpi_job().size();
  config.schedule.micro_batches_per_step = 3 * size;
  const auto job = [&] { return run_tiny_job(mpi_job(), config); };
  if (size == 1) {
    EXPECT_EQ(job(), common::kExitDone);  // one worker keeps any tree
  } else {
    tests::expect_error(common::ErrorKind::config,
                        size == 2 ? "start 1, 3, 6 workers" : "start 1, 3, 6, 12 workers", job);
  }
}

TEST_F(Training, GivesTheWeightsOfOneWorkerAtAnyNumber) {
  const auto config = unsaved();
  comm::SingleGroup single;
  worker::TrainerState alone(single, config), together(mpi_job(), config);
  // Losses are added in the order of the micro-batches whoever computed them.
  EXPECT_EQ(train(mpi_job(), config, together, 1), train(single, config, alone, 1));
  train(mpi_job(), config, together, 4);
  train(single, config, alone, 4);
  mpi_job().require_equal(worker::weights_xxh3(together.weights), "the weights", "");
  for (size_t i = 0; i < alone.weights.size(); ++i) {
    // AdamW turns the last bits of a gradient near zero into a share of a step: 1e-5 absolute.
    EXPECT_TRUE(at::allclose(together.weights[i].tensor, alone.weights[i].tensor, 1e-5, 1e-5))
        << alone.weights[i].name;
  }
}

TEST_F(Training, ValidatesToOneNumberAtAnyNumber) {
  const auto config = unsaved();
  const worker::TrainerState trainer(mpi_job(), config);
  const dataset::Store store(config.data.store);
  comm::SingleGroup single;
  const auto alone = worker::validate(single, *trainer.network, store, config.validation);
  const auto together = worker::validate(mpi_job(), *trainer.network, store, config.validation);
  EXPECT_EQ(together.psnr, alone.psnr);
  EXPECT_EQ(together.aged_psnr, alone.aged_psnr);
  EXPECT_EQ(together.damage_f1, alone.damage_f1);
  EXPECT_GT(alone.aged_psnr, 5);
}

TEST_F(Training, OneWorkerAskedToStopEndsAllAndTheJobResumes) {
  const auto config = tiny_config(folder_, "stopped");
  const int last = mpi_job().size() - 1;
  std::stop_source stop;
  if (mpi_job().rank() == last) stop.request_stop();
  EXPECT_EQ(run_tiny_job(mpi_job(), config, stop.get_token()), common::kExitRequeue);
  EXPECT_EQ(run_tiny_job(mpi_job(), config), common::kExitDone);
  const auto whole = tiny_config(folder_, "whole");
  EXPECT_EQ(run_tiny_job(mpi_job(), whole), common::kExitDone);
  mpi_job().barrier();  // rank 0 has written its summaries
  const auto hash_of = [](const worker::TrainConfig& run) {
    return nlohmann::json::parse(
        common::read_file(run.run.path() / "summary.json"))["weights_xxh3"];
  };
  EXPECT_EQ(hash_of(config), hash_of(whole));
}

TEST_F(Training, SkipsAStepOnAllWorkersIfOneHasNonFiniteGradients) {
  const auto config = unsaved();
  worker::TrainerState trainer(mpi_job(), config);
  const uint64_t before = worker::weights_xxh3(trainer.weights);
  const dataset::Store store(config.data.store);
  const worker::MicroBatchPlan plan(config.schedule.micro_batches_per_step, mpi_job().rank(),
                                    mpi_job().size());
  const auto poisoned = [&] {
    auto batch = dataset::load_samples(store, config.sampling, 1, 0, 2);
    if (mpi_job().rank() == mpi_job().size() - 1) batch.aged[0] = NAN;
    return worker::tensors_of(std::move(batch));
  };
  worker::ForwardBackward forward_backward(trainer, config);
  const checkpoints::RunState state;
  const auto result = worker::train_step({mpi_job(), plan, config, trainer, forward_backward},
                                         {state, 0, poisoned});
  EXPECT_TRUE(result.figures.skipped);
  EXPECT_EQ(worker::weights_xxh3(trainer.weights), before);
  EXPECT_EQ(trainer.optimizer.num_updates(), 0);
}

TEST_F(Training, RefusesAWorkerWithAnotherConfiguration) {
  auto config = tiny_config(folder_, "different");
  const int last = mpi_job().size() - 1;
  if (mpi_job().rank() == last) config.optimizer.learning_rate *= 2;
  const auto job = [&] { return run_tiny_job(mpi_job(), config); };
  if (last == 0) {
    EXPECT_EQ(job(), common::kExitDone);  // one worker cannot differ from itself
  } else {
    tests::expect_error(common::ErrorKind::config,
                        "the configuration of worker " + std::to_string(last) + " differs", job);
  }
}

TEST_F(Training, AStepHasTheCollectivesOfItsBucketsAndOneMore) {
  auto config = tiny_config(folder_, "recorded");
  config.network.restore = {64, 96};  // more than a megabyte of weights: two buckets
  config.validation.every_steps = 1000;
  const auto collectives = [&](const std::string& name, int64_t steps) {
    config.run.name = name;
    config.schedule.steps = steps;
    comm::FlightRecorder recorder;
    comm::RecordedGroup group(mpi_job(), recorder);
    EXPECT_EQ(run_tiny_job(group, config), common::kExitDone);
    return recorder.num_entered();
  };
  const worker::TrainerState trainer(mpi_job(), config);
  const auto num_buckets = static_cast<int64_t>(trainer.gradients.num_buckets());
  EXPECT_EQ(num_buckets, 2);
  EXPECT_EQ(collectives("long", 9) - collectives("short", 4), 5 * (num_buckets + 1));
}

}  // namespace

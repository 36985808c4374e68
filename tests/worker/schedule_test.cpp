#include "worker/schedule.h"

#include <gtest/gtest.h>

#include "tests/common/expect_error.h"

namespace {

using common::ErrorKind;
using worker::learning_rate_factor;

worker::ScheduleConfig schedule(int64_t steps, int64_t warmup_steps, double min_lr_ratio) {
  worker::ScheduleConfig config;
  config.steps = steps;
  config.warmup_steps = warmup_steps;
  config.min_lr_ratio = min_lr_ratio;
  return config;
}

TEST(Schedule, RisesLinearlyThenFallsAlongACosine) {
  const auto config = schedule(1000, 10, 0.1);
  EXPECT_NEAR(learning_rate_factor(config, 0, 0), 0.1, 1e-5);
  EXPECT_NEAR(learning_rate_factor(config, 4, 0), 0.5, 1e-4);
  EXPECT_NEAR(learning_rate_factor(config, 500, 0), 0.55, 1e-12);
  EXPECT_NEAR(learning_rate_factor(config, 1000, 0), 0.1, 1e-12);
}

TEST(Schedule, DependsOnTheStepAloneWithoutALimitInMinutes) {
  const auto config = schedule(1000, 0, 0);
  EXPECT_EQ(learning_rate_factor(config, 300, 0), learning_rate_factor(config, 300, 1e6));
}

TEST(Schedule, FollowsTheClockWhereThatIsFurther) {
  auto config = schedule(1'000'000, 0, 0);
  config.max_minutes = 10;
  EXPECT_NEAR(learning_rate_factor(config, 1, 300), 0.5, 1e-12);
  EXPECT_NEAR(learning_rate_factor(config, 1, 600), 0, 1e-12);
  EXPECT_NEAR(learning_rate_factor(config, 500'000, 0), 0.5, 1e-12);
}

TEST(Schedule, RefusesImpossibleValues) {
  tests::expect_error(ErrorKind::config, "schedule.steps", [] { schedule(0, 0, 0).validate(); });
  tests::expect_error(ErrorKind::config, "schedule.min_lr_ratio",
                      [] { schedule(1, 0, 1.5).validate(); });
}

TEST(MicroBatchPlan, GivesEveryMicroBatchToOneWorker) {
  for (const int64_t workers : {1, 2, 4}) {
    std::vector<int> taken(2 * 8);
    for (int64_t rank = 0; rank < workers; ++rank) {
      const worker::MicroBatchPlan plan(8, rank, workers);
      for (int64_t turn = 0; turn < 2 * plan.own_per_step(); ++turn) {
        ++taken[static_cast<size_t>(plan.number(/*first_step=*/3, turn) - 3 * 8)];
      }
    }
    EXPECT_EQ(taken, std::vector<int>(2 * 8, 1)) << workers;
  }
}

TEST(MicroBatchPlan, GivesAWorkerAContiguousRunOfEachStep) {
  const worker::MicroBatchPlan plan(8, 1, 2);
  EXPECT_EQ(plan.number(0, 0), 4);
  EXPECT_EQ(plan.number(0, 3), 7);
  EXPECT_EQ(plan.number(0, 4), 12);
}

TEST(MicroBatchPlan, NamesThePossibleNumbersOfWorkers) {
  tests::expect_error(ErrorKind::config, "start 1, 2, 3, 4, 6, 12 workers",
                      [] { worker::MicroBatchPlan(12, 0, 5); });
}

TEST(MicroBatchPlan, RefusesMoreWorkersThanMicroBatches) {
  tests::expect_error(ErrorKind::config, "start 1, 2, 4 workers",
                      [] { worker::MicroBatchPlan(4, 0, 8); });
}

}  // namespace

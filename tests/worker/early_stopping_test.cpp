#include "worker/early_stopping.h"

#include <gtest/gtest.h>

#include "worker/train_state.h"

namespace {

using worker::observe;
using worker::patience_ran_out;

worker::ValidationConfig config(int64_t patience, double min_delta) {
  worker::ValidationConfig made;
  made.patience = patience;
  made.min_delta = min_delta;
  return made;
}

TEST(EarlyStopping, EndsAfterPatienceWithoutAGain) {
  const auto two = config(2, 0.5);
  worker::Standing standing;
  EXPECT_TRUE(observe(standing, two, 10, 20.0));
  EXPECT_TRUE(observe(standing, two, 20, 20.3));  // better, but no gain
  EXPECT_FALSE(patience_ran_out(standing, two));
  EXPECT_FALSE(observe(standing, two, 30, 20.2));
  EXPECT_TRUE(patience_ran_out(standing, two));
  EXPECT_EQ(standing.best_step, 20);
  EXPECT_EQ(standing.best_psnr, 20.3);
}

TEST(EarlyStopping, SmallGainsThatAddUpRenewThePatience) {
  const auto two = config(2, 0.5);
  worker::Standing standing;
  for (int i = 0; i < 10; ++i) {
    observe(standing, two, i, 20 + 0.3 * i);
    EXPECT_FALSE(patience_ran_out(standing, two));
  }
}

TEST(EarlyStopping, NeverEndsWithoutPatience) {
  const auto never = config(0, 0);
  worker::Standing standing;
  for (int i = 0; i < 10; ++i) observe(standing, never, i, 20.0 - i);
  EXPECT_FALSE(patience_ran_out(standing, never));
}

TEST(TrainState, SaysWhyARunIsOver) {
  worker::ScheduleConfig schedule;
  schedule.steps = 100;
  schedule.max_minutes = 2;
  worker::TrainState state;
  EXPECT_FALSE(end_of_run(state, schedule, config(1, 0)));
  state.step = 100;
  EXPECT_EQ(end_of_run(state, schedule, config(1, 0)), worker::StopReason::steps);
  state.step = 99;
  state.seconds = 120;
  EXPECT_EQ(end_of_run(state, schedule, config(1, 0)), worker::StopReason::minutes);
  state.seconds = 0;
  state.standing.best_step = 5;
  EXPECT_EQ(end_of_run(state, schedule, config(1, 0)), worker::StopReason::patience);
}

TEST(TrainState, ComesBackFromACheckpoint) {
  worker::TrainState state;
  state.step = 12;
  state.seconds = 0.1;
  state.skipped = 3;
  state.skipped_in_row = 1;
  state.validated_step = 10;
  state.last_validation = {27.125, 22.1, 0.3};
  observe(state.standing, config(4, 0), 10, 27.125);
  const worker::ScheduleConfig schedule;
  const auto json = checkpoints::run_state_json(run_state_of(state, schedule));
  EXPECT_EQ(json["samples"], 12 * 64);
  const worker::TrainState back =
      worker::train_state_of(checkpoints::parse_run_state(nlohmann::json::parse(json.dump())));
  EXPECT_EQ(checkpoints::run_state_json(run_state_of(back, schedule)), json);
  EXPECT_EQ(back.seconds, 0.1);
  EXPECT_EQ(back.standing.best_psnr, 27.125);
}

}  // namespace

#include "worker/control_word.h"

#include <gtest/gtest.h>

#include "comm/group.h"

namespace {

using checkpoints::RunState;
using worker::Action;
using worker::StopReason;

/// 100 steps or 2 minutes; validates every 10 steps, saves every 4, gives up after 2 skipped steps.
worker::TrainConfig config() {
  worker::TrainConfig made;
  made.schedule.steps = 100;
  made.schedule.max_minutes = 2;
  made.schedule.micro_batches_per_step = 2;
  made.validation.every_steps = 10;
  made.validation.patience = 1;
  made.checkpoint.every_steps = 4;
  made.optimizer.max_skipped = 2;
  return made;
}

Action after_step(int64_t step, double seconds = 1, int64_t skipped_in_row = 0,
                  bool skipped = false) {
  RunState before;
  before.step = step - 1;
  before.skipped_in_row = skipped_in_row;
  return worker::next_action(before, seconds, skipped, config());
}

TEST(EndOfRun, HasAReason) {
  RunState state;
  EXPECT_FALSE(end_of_run(state, config()));
  state.step = 100;
  EXPECT_EQ(end_of_run(state, config()), StopReason::steps);
  state.step = 99;
  state.seconds = 120;
  EXPECT_EQ(end_of_run(state, config()), StopReason::minutes);
  state.seconds = 0;
  state.metrics.emplace();
  EXPECT_EQ(end_of_run(state, config()), StopReason::patience);
}

TEST(NextAction, IsWhatIsDue) {
  EXPECT_EQ(after_step(1), Action::go_on);
  EXPECT_EQ(after_step(4), Action::save);
  EXPECT_EQ(after_step(10), Action::validate);
  EXPECT_EQ(after_step(20), Action::validate);  // which saves, too
}

TEST(NextAction, IsToValidateAtTheEndOfTheRun) {
  EXPECT_EQ(after_step(100), Action::validate);
  EXPECT_EQ(after_step(7, 119.9), Action::go_on);
  EXPECT_EQ(after_step(7, 120), Action::validate);
}

TEST(NextAction, IsToGiveUpAfterTooManySkippedSteps) {
  EXPECT_EQ(after_step(7, 1, /*skipped_in_row=*/1, /*skipped=*/true), Action::go_on);
  EXPECT_EQ(after_step(7, 1, /*skipped_in_row=*/2, /*skipped=*/true), Action::give_up);
  EXPECT_EQ(after_step(7, 1, /*skipped_in_row=*/2, /*skipped=*/false), Action::go_on);
}

TEST(ControlWord, AStopGoesBeforeWhatIsDueButNotBeforeAnError) {
  comm::SingleGroup group;
  const worker::MicroBatchPlan plan(2, 0, 1);
  worker::StepReport report{at::tensor({1.0, 4.0}), /*asked_to_stop=*/true, 0.5, 7.25};
  const auto agreed_after = [&](Action action) {
    report.action = action;
    return worker::agree(group, plan, report).action;
  };
  EXPECT_EQ(agreed_after(Action::validate), Action::stop);
  EXPECT_EQ(agreed_after(Action::give_up), Action::give_up);
  report.asked_to_stop = false;
  EXPECT_EQ(agreed_after(Action::validate), Action::validate);
  const worker::ControlWord word = worker::agree(group, plan, report);
  EXPECT_EQ(word.loss, 2.5);
  EXPECT_EQ(word.grad_norm, 0.5);
  EXPECT_EQ(word.seconds, 7.25);
}

}  // namespace

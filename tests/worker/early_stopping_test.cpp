#include "worker/early_stopping.h"

#include <gtest/gtest.h>

namespace {

using checkpoints::RunState;
using worker::patience_ran_out;

worker::ValidationConfig config(int64_t patience, double min_delta) {
  worker::ValidationConfig made;
  made.patience = patience;
  made.min_delta = min_delta;
  return made;
}

bool observe(RunState& state, const worker::ValidationConfig& config, int64_t step, double psnr) {
  return worker::observe(state, config, {step, psnr});
}

TEST(EarlyStopping, EndsWhenValidationsDoNotImproveForTooLong) {
  const auto two = config(2, 0.5);
  RunState state;
  EXPECT_TRUE(observe(state, two, 10, 20.0));
  EXPECT_TRUE(observe(state, two, 20, 20.3));  // the best, but by less than min_delta
  EXPECT_FALSE(patience_ran_out(state, two));
  EXPECT_FALSE(observe(state, two, 30, 20.2));
  EXPECT_TRUE(patience_ran_out(state, two));
  EXPECT_EQ(state.best->step, 20);
  EXPECT_EQ(state.best->psnr, 20.3);
  EXPECT_EQ(state.metrics->step, 30);
}

TEST(EarlyStopping, SmallImprovementsThatAddUpRestoreThePatience) {
  const auto two = config(2, 0.5);
  RunState state;
  for (int i = 0; i < 10; ++i) {
    observe(state, two, i, 20 + 0.3 * i);
    EXPECT_FALSE(patience_ran_out(state, two));
  }
}

TEST(EarlyStopping, NeverEndsWithoutPatience) {
  const auto never = config(0, 0);
  RunState state;
  for (int i = 0; i < 10; ++i) observe(state, never, i, 20.0 - i);
  EXPECT_FALSE(patience_ran_out(state, never));
}

}  // namespace

#include <gtest/gtest.h>

#include "health/worker_status.h"

namespace health {
namespace {

Heartbeat beat_of(int rank, int64_t beat, int attempt = 0) {
  return {.rank = rank, .num_workers = 3, .pid = 4000 + rank, .attempt = attempt, .beat = beat};
}

TEST(HeartbeatWatch, TellsWhoseBeatHasStopped) {
  HeartbeatWatch watch(0, 3);
  for (int second = 0; second <= 3; ++second) {
    watch.observe({beat_of(0, second), beat_of(1, 5), beat_of(2, 10 - second)}, 100 + second);
    EXPECT_EQ(watch.can_tell(100 + second), second == 3);
  }
  const auto workers = watch.workers(103);
  ASSERT_EQ(workers.size(), 3U);
  EXPECT_EQ(workers[0].silent_s, 0);
  EXPECT_EQ(workers[1].silent_s, 3);
  EXPECT_EQ(workers[2].silent_s, 0);  // any change is a sign of life
}

TEST(HeartbeatWatch, IgnoresEarlierAttemptsAndRanksOfALargerJob) {
  HeartbeatWatch watch(1, 3);
  watch.observe({beat_of(1, 1, 0), beat_of(3, 1, 1)}, 100);
  EXPECT_TRUE(watch.workers(100).empty());
}

TEST(HeartbeatWatch, LeavesOutTheTimeInWhichItDidNotRun) {
  HeartbeatWatch watch(0, 3);
  watch.observe({beat_of(1, 1)}, 100);
  watch.leave_out(50);
  EXPECT_EQ(watch.workers(151)[0].silent_s, 1);
}

}  // namespace
}  // namespace health

#include "launcher/worker_group_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace launcher {
namespace {

using testing::HasSubstr;

health::Heartbeat beat_of(int rank, int64_t beat, const std::string& phase = "step",
                          int64_t step = 5) {
  return {.rank = rank,
          .num_workers = 2,
          .host = "a",
          .pid = 100 + rank,
          .attempt = 3,
          .step = step,
          .sequence = 10 * step,
          .phase = phase,
          .beat = beat};
}

/// Two workers of attempt 3, looked at once a second.
class WorkerGroupWatchTest : public testing::Test {
 protected:
  void look(std::vector<health::Heartbeat> heartbeats, double seconds = 1) {
    now_s_ += seconds;
    watch_.observe(heartbeats, now_s_);
  }

  double now_s_ = 0;
  std::set<int> gone_;
  WorkerGroupWatch watch_{
      3,
      2,
      {.heartbeat_timeout_s = 4, .start_s = 6, .deadlines_s = {{"step", 10}}, .margin_s = 5},
      now_s_,
      [this](const health::Heartbeat& heartbeat) { return gone_.contains(heartbeat.rank); }};
};

TEST_F(WorkerGroupWatchTest, NamesTheWorkerWhoseBeatStands) {
  for (int second = 1; second <= 5; ++second) {
    look({beat_of(0, second), beat_of(1, 7)});
    EXPECT_FALSE(watch_.hang()) << second;
  }
  look({beat_of(0, 6), beat_of(1, 7)});
  EXPECT_THAT(watch_.hang().value_or(""),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 5.0 s, in phase step "
                        "after step 5: stopped"));
}

TEST_F(WorkerGroupWatchTest, TakesAnyChangeOfTheBeatForLife) {
  for (int second = 1; second <= 20; ++second) look({beat_of(0, -second), beat_of(1, second)});
  EXPECT_FALSE(watch_.hang());
}

TEST_F(WorkerGroupWatchTest, NamesWorkersThatNeverBeat) {
  auto of_earlier_attempt = beat_of(1, 0);
  of_earlier_attempt.attempt = 2;
  for (int second = 1; second <= 7; ++second) {
    EXPECT_FALSE(watch_.hang());
    of_earlier_attempt.beat = second;
    look({beat_of(0, second), of_earlier_attempt, beat_of(2, second)});
  }
  EXPECT_FALSE(watch_.all_seen());
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("after 6 s worker 1 has no heartbeat"));
}

TEST_F(WorkerGroupWatchTest, LetsMpirunBeFirstToTellOfAProcessThatIsGone) {
  look({beat_of(0, 1), beat_of(1, 1)});
  gone_ = {1};
  for (int second = 2; second <= 6; ++second) look({beat_of(0, second), beat_of(1, 1)});
  EXPECT_FALSE(watch_.hang());
  look({beat_of(0, 7), beat_of(1, 1)});
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("worker 1 (process 101 on a)"));
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("its process is gone"));
  EXPECT_THAT(watch_.first_gone(), HasSubstr("worker 1"));
}

TEST_F(WorkerGroupWatchTest, BlamesNobodyWhereAllAreGoneAtOnce) {
  look({beat_of(0, 1), beat_of(1, 1)});
  gone_ = {0, 1};
  look({beat_of(0, 1), beat_of(1, 1)});
  EXPECT_EQ(watch_.first_gone(), "");
}

TEST_F(WorkerGroupWatchTest, LetsAWorkerEndInItsOwnTime) {
  look({beat_of(0, 1), beat_of(1, 1, "end")});
  for (int second = 2; second <= 9; ++second) look({beat_of(0, second), beat_of(1, 1, "end")});
  EXPECT_FALSE(watch_.hang());  // 4 s and the margin of 5 s
  look({beat_of(0, 10), beat_of(1, 1, "end")}, 1.5);
  EXPECT_TRUE(watch_.hang());
}

TEST_F(WorkerGroupWatchTest, FindsAGroupThatIsPastItsDeadlineAsAWhole) {
  auto ahead = beat_of(0, 1), behind = beat_of(1, 1);
  ahead.phase_s = behind.phase_s = 15.5;  // 10 s and the margin of 5 s are over
  behind.sequence = ahead.sequence - 1;
  look({ahead, behind});
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("worker 1 (process 101 on a) is behind"));
  behind.phase_s = 14.5;
  look({ahead, behind});
  EXPECT_FALSE(watch_.hang());
  behind.phase_s = ahead.phase_s = 1e6;
  ahead.phase = behind.phase = "validation";  // has no deadline here
  ahead.beat = behind.beat = 2;
  look({ahead, behind});
  EXPECT_FALSE(watch_.hang());
}

TEST_F(WorkerGroupWatchTest, DoesNotCountTheTimeInWhichTheLauncherItselfSlept) {
  look({beat_of(0, 1), beat_of(1, 1)});
  look({beat_of(0, 1), beat_of(1, 1)}, 3600);
  EXPECT_FALSE(watch_.hang());
  for (int second = 0; second < 5; ++second) look({beat_of(0, 1), beat_of(1, 1)});
  EXPECT_TRUE(watch_.hang());
}

TEST_F(WorkerGroupWatchTest, CountsTheFirstStepFromWhereTheGroupWentOn) {
  look({beat_of(0, 1, "start", 0), beat_of(1, 1, "start", 0)});
  look({beat_of(0, 2, "step", 500), beat_of(1, 2, "start", 500)});
  EXPECT_FALSE(watch_.has_done_a_step());
  look({beat_of(0, 3, "step", 501), beat_of(1, 3, "step", 500)});
  EXPECT_TRUE(watch_.has_done_a_step());
  EXPECT_EQ(watch_.step(), 501);
}

}  // namespace
}  // namespace launcher

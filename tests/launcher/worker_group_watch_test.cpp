#include "launcher/worker_group_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace launcher {
namespace {

using testing::HasSubstr;

common::Heartbeat beat_of(int rank, int64_t beat, const std::string& phase = "step",
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
class GangWatchTest : public testing::Test {
 protected:
  void look(std::vector<common::Heartbeat> heartbeats, double seconds = 1) {
    now_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    watch_.observe(heartbeats, now_);
  }

  Clock::time_point now_;
  std::set<int> gone_;
  WorkerGroupWatch watch_{
      3,
      2,
      {.stopped_after_s = 4, .start_s = 6, .deadlines_s = {{"step", 10}}, .margin_s = 5},
      now_,
      [this](const common::Heartbeat& heartbeat) { return gone_.contains(heartbeat.rank); }};
};

TEST_F(GangWatchTest, NamesTheWorkerWhoseBeatStands) {
  for (int second = 1; second <= 5; ++second) {
    look({beat_of(0, second), beat_of(1, 7)});
    EXPECT_FALSE(watch_.hang()) << second;
  }
  look({beat_of(0, 6), beat_of(1, 7)});
  EXPECT_THAT(watch_.hang().value_or(""),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 5.0 s, in phase step "
                        "after step 5: stopped"));
}

TEST_F(GangWatchTest, TakesAnyChangeOfTheBeatForLife) {
  for (int second = 1; second <= 20; ++second) look({beat_of(0, -second), beat_of(1, second)});
  EXPECT_FALSE(watch_.hang());
}

TEST_F(GangWatchTest, NamesWorkersThatNeverBeat) {
  auto of_earlier_gang = beat_of(1, 0);
  of_earlier_gang.attempt = 2;
  for (int second = 1; second <= 7; ++second) {
    EXPECT_FALSE(watch_.hang());
    of_earlier_gang.beat = second;
    look({beat_of(0, second), of_earlier_gang, beat_of(2, second)});
  }
  EXPECT_FALSE(watch_.all_seen());
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("no sign of life within 6 s of worker 1"));
}

TEST_F(GangWatchTest, LetsMpirunBeFirstToTellOfAProcessThatIsGone) {
  look({beat_of(0, 1), beat_of(1, 1)});
  gone_ = {1};
  for (int second = 2; second <= 6; ++second) look({beat_of(0, second), beat_of(1, 1)});
  EXPECT_FALSE(watch_.hang());
  look({beat_of(0, 7), beat_of(1, 1)});
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("worker 1 (process 101 on a)"));
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("its process is gone"));
  EXPECT_THAT(watch_.first_gone(), HasSubstr("worker 1"));
}

TEST_F(GangWatchTest, BlamesNobodyWhereAllAreGoneAtOnce) {
  look({beat_of(0, 1), beat_of(1, 1)});
  gone_ = {0, 1};
  look({beat_of(0, 1), beat_of(1, 1)});
  EXPECT_EQ(watch_.first_gone(), "");
}

TEST_F(GangWatchTest, LetsAWorkerEndInItsOwnTime) {
  look({beat_of(0, 1), beat_of(1, 1, "end")});
  for (int second = 2; second <= 9; ++second) look({beat_of(0, second), beat_of(1, 1, "end")});
  EXPECT_FALSE(watch_.hang());  // 4 s and the margin of 5 s
  look({beat_of(0, 10), beat_of(1, 1, "end")}, 1.5);
  EXPECT_TRUE(watch_.hang());
}

TEST_F(GangWatchTest, FindsAGangThatIsPastItsDeadlineAsAWhole) {
  auto ahead = beat_of(0, 1), behind = beat_of(1, 1);
  ahead.phase_s = behind.phase_s = 15.5;  // 10 s and the margin of 5 s are over
  behind.sequence = ahead.sequence - 1;
  look({ahead, behind});
  EXPECT_THAT(watch_.hang().value_or(""), HasSubstr("furthest behind is worker 1"));
  behind.phase_s = 14.5;
  look({ahead, behind});
  EXPECT_FALSE(watch_.hang());
  behind.phase_s = ahead.phase_s = 1e6;
  ahead.phase = behind.phase = "validation";  // has no deadline here
  ahead.beat = behind.beat = 2;
  look({ahead, behind});
  EXPECT_FALSE(watch_.hang());
}

TEST_F(GangWatchTest, DoesNotCountTheTimeInWhichTheLauncherItselfSlept) {
  look({beat_of(0, 1), beat_of(1, 1)});
  look({beat_of(0, 1), beat_of(1, 1)}, 3600);
  EXPECT_FALSE(watch_.hang());
  for (int second = 0; second < 5; ++second) look({beat_of(0, 1), beat_of(1, 1)});
  EXPECT_TRUE(watch_.hang());
}

TEST_F(GangWatchTest, CountsTheFirstStepFromWhereTheGangWentOn) {
  look({beat_of(0, 1, "start", 0), beat_of(1, 1, "start", 0)});
  look({beat_of(0, 2, "step", 500), beat_of(1, 2, "start", 500)});
  EXPECT_FALSE(watch_.has_done_a_step());
  look({beat_of(0, 3, "step", 501), beat_of(1, 3, "step", 500)});
  EXPECT_TRUE(watch_.has_done_a_step());
  EXPECT_EQ(watch_.step(), 501);
}

}  // namespace
}  // namespace launcher

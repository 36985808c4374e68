#include "health/job_progress.h"

#include <gtest/gtest.h>

#include "common/error.h"
#include "health/watchdog.h"
#include "tests/common/expect_error.h"

namespace health {
namespace {

class JobProgressTest : public testing::Test {
 protected:
  double now_s_ = 100;
  JobProgress progress_{[this] { return now_s_; }};
};

TEST_F(JobProgressTest, BeginsAtTheStart) {
  now_s_ = 103;
  EXPECT_EQ(progress_.position().phase, JobPhase::start);
  EXPECT_EQ(progress_.position().phase_s, 3);
}

TEST_F(JobProgressTest, EveryStepIsAPhaseOfItsOwn) {
  progress_.enter(JobPhase::step);
  now_s_ += 7;
  progress_.step_done(12, 3.5);
  progress_.enter(JobPhase::step);
  now_s_ += 2;
  EXPECT_EQ(progress_.position().phase_s, 2);
  EXPECT_EQ(progress_.position().step, 12);
  EXPECT_EQ(progress_.position().samples_per_s, 3.5);
}

TEST_F(JobProgressTest, WaitingForDataDoesNotCountForTheStep) {
  progress_.enter(JobPhase::step);
  now_s_ += 7;
  {
    const JobProgress::Inner waiting(progress_, JobPhase::data);
    now_s_ += 50;
    EXPECT_EQ(progress_.position().phase, JobPhase::data);
    EXPECT_EQ(progress_.position().phase_s, 50);
  }
  now_s_ += 1;
  EXPECT_EQ(progress_.position().phase, JobPhase::step);
  EXPECT_EQ(progress_.position().phase_s, 8);
}

TEST_F(JobProgressTest, TimeInWhichTheProcessDidNotRunIsLeftOut) {
  progress_.enter(JobPhase::save);
  now_s_ += 30;
  progress_.leave_out(28);
  EXPECT_EQ(progress_.position().phase_s, 2);
}

TEST(WatchdogConfig, HasADeadlineForEachPhase) {
  const WatchdogConfig config{1, 2, 3, 4, 5};
  EXPECT_EQ(config.deadline_s(JobPhase::start), 1);
  EXPECT_EQ(config.deadline_s(JobPhase::data), 2);
  EXPECT_EQ(config.deadline_s(JobPhase::step), 3);
  EXPECT_EQ(config.deadline_s(JobPhase::validation), 4);
  EXPECT_EQ(config.deadline_s(JobPhase::save), 5);
  EXPECT_EQ(config.deadline_s(JobPhase::end), 5);
  tests::expect_error(common::ErrorKind::config, "section watchdog", [] {
    WatchdogConfig{1, 2, -3, 4, 5}.validate();
  });
}

}  // namespace
}  // namespace health

#include "health/watchdog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "common/error.h"
#include "common/log.h"

namespace health {
namespace {

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

WatchdogConfig one_second_for(JobPhase phase) {
  WatchdogConfig config{0, 0, 0, 0, 0};
  switch (phase) {
    case JobPhase::start: config.start_s = 1; break;
    case JobPhase::data: config.data_s = 1; break;
    case JobPhase::step: config.step_s = 1; break;
    case JobPhase::validation: config.validation_s = 1; break;
    case JobPhase::save:
    case JobPhase::end: config.save_s = 1; break;
  }
  return config;
}

std::vector<Collective> no_collectives() { return {}; }

/// In a process of its own, which the watchdog ends.
class WatchdogTest : public testing::TestWithParam<JobPhase> {
 protected:
  WatchdogTest() {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    common::start_log("");
  }
};

TEST_P(WatchdogTest, EndsTheJobWhenAPhaseLastsTooLong) {
  EXPECT_EXIT(
      {
        Watchdog watchdog(one_second_for(GetParam()), 0, no_collectives);
        watchdog.progress().enter(GetParam());
        sleep_s(10);
        std::exit(0);
      },
      testing::ExitedWithCode(common::kExitRetryable),
      std::string("phase ") + to_string(GetParam()) +
          " of worker 0.*has lasted 1\\.[0-9] s of at most 1");
}
INSTANTIATE_TEST_SUITE_P(InEveryPhase, WatchdogTest,
                         testing::Values(JobPhase::start, JobPhase::data, JobPhase::step,
                                         JobPhase::validation, JobPhase::save, JobPhase::end),
                         [](const auto& phase) { return std::string(to_string(phase.param)); });

/// Runs `work` beside a watchdog that allows a step one second; ends the process with 0.
template <class Work>
[[noreturn]] void work_watched(const Work& work) {
  {
    Watchdog watchdog(one_second_for(JobPhase::step), 0, no_collectives);
    work(watchdog.progress());
  }
  std::exit(0);
}

TEST_F(WatchdogTest, LeavesAJobAloneThatGetsOn) {
  const auto work = [](JobProgress& progress) {
    for (int step = 0; step < 8; ++step) {
      progress.enter(JobPhase::step);
      sleep_s(0.3);
    }
  };
  EXPECT_EXIT(work_watched(work), testing::ExitedWithCode(0), "");
}

/// As Ctrl-Z and fg would; returns when it is over.
void stop_this_process_for(double seconds) {
  const pid_t child = fork();
  if (child == 0) {
    kill(getppid(), SIGSTOP);
    sleep_s(seconds);
    kill(getppid(), SIGCONT);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

TEST_F(WatchdogTest, DoesNotCountTheTimeInWhichTheProcessWasStopped) {
  const auto work = [](JobProgress& progress) {
    progress.enter(JobPhase::step);
    stop_this_process_for(4);
    sleep_s(0.6);  // the watchdog looks every 0.5 s
  };
  EXPECT_EXIT(work_watched(work), testing::ExitedWithCode(0), "");
}

TEST_F(WatchdogTest, LeavesAPhaseWithoutADeadlineAlone) {
  const auto work = [](JobProgress& progress) {
    progress.enter(JobPhase::validation);
    sleep_s(2.5);
  };
  EXPECT_EXIT(work_watched(work), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace health

#include "common/signals.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

namespace {

using common::StopSignals;

/// The request comes from another thread, soon after the signal.
bool is_asked_to_stop(const std::stop_token& stop) {
  using namespace std::chrono;
  const auto deadline = steady_clock::now() + seconds(10);
  while (!stop.stop_requested() && steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  return stop.stop_requested();
}

TEST(StopSignals, EachSignalRequestsAStop) {
  for (const int signal : {SIGUSR1, SIGTERM}) {
    const StopSignals signals({SIGUSR1, SIGTERM});
    EXPECT_FALSE(signals.token().stop_requested());
    std::raise(signal);
    std::raise(signal);  // the second one is ignored
    EXPECT_TRUE(is_asked_to_stop(signals.token()));
  }
}

TEST(StopSignals, AHangUpThatNohupIgnoresStaysIgnored) {
  std::signal(SIGHUP, SIG_IGN);
  {
    const StopSignals signals({SIGHUP, SIGTERM});
    EXPECT_EQ(std::signal(SIGHUP, SIG_DFL), SIG_IGN);
  }
  const StopSignals signals({SIGHUP});
  std::raise(SIGHUP);
  EXPECT_TRUE(is_asked_to_stop(signals.token()));
}

TEST(StopSignals, GiveTheSignalsBack) {
  static std::atomic<int> num_seen = 0;
  const auto before = std::signal(SIGUSR1, [](int) { ++num_seen; });
  { const StopSignals signals({SIGUSR1}); }
  std::raise(SIGUSR1);
  EXPECT_EQ(num_seen, 1);
  std::signal(SIGUSR1, before);
}

TEST(StopSignalsDeathTest, TheSecondSignalEndsTheProcessWhereAsked) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto twice = [] {
    const StopSignals signals({SIGTERM}, StopSignals::Second::ends_the_process);
    std::raise(SIGTERM);
    if (!is_asked_to_stop(signals.token())) return;  // the first one only asks
    std::raise(SIGTERM);
  };
  EXPECT_EXIT(twice(), testing::KilledBySignal(SIGTERM), "");
}

}  // namespace

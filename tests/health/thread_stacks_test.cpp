#include "health/thread_stacks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

// With a name that a stack can show: of no anonymous namespace, and not inlined.
[[gnu::noinline]] void wait_for_release(std::atomic<bool>& waiting, std::atomic<bool>& released) {
  waiting = true;
  while (!released) std::this_thread::yield();
}

namespace {

/// A thread named "waiting" in wait_for_release, ended with the test.
class WaitingThread {
 public:
  explicit WaitingThread(bool deaf) : thread_([this, deaf] { wait(deaf); }) {
    while (!waiting_) std::this_thread::yield();
  }
  ~WaitingThread() {
    released_ = true;
    thread_.join();
  }

 private:
  void wait(bool deaf) {
    pthread_setname_np(pthread_self(), "waiting");
    sigset_t all;
    sigfillset(&all);
    if (deaf) pthread_sigmask(SIG_BLOCK, &all, nullptr);
    wait_for_release(waiting_, released_);
  }
  std::atomic<bool> waiting_ = false, released_ = false;
  std::thread thread_;
};

std::optional<health::ThreadStack> stack_of(const std::string& name) {
  const health::ThreadStacks stacks;
  for (auto& stack : stacks.take()) {
    if (stack.name == name) return stack;
  }
  return {};
}

TEST(ThreadStacks, NameTheFunctionsThatAThreadIsIn) {
  const WaitingThread waiting(/*deaf=*/false);
  const auto stack = stack_of("waiting");
  ASSERT_TRUE(stack.has_value());
  EXPECT_NE(stack->id, getpid());
  EXPECT_THAT(stack->frames, testing::Contains(testing::MatchesRegex(
                                 R"(wait_for_release\(.*\)\+0x[0-9a-f]+ \(.*health_test\))")));
}

TEST(ThreadStacks, LeaveOutTheThreadThatAsks) {
  const health::ThreadStacks stacks;
  for (const auto& stack : stacks.take()) EXPECT_NE(stack.id, gettid());
}

TEST(ThreadStacks, DoNotWaitLongForAThreadThatDoesNotAnswer) {
  const WaitingThread deaf(/*deaf=*/true);
  const auto before = std::chrono::steady_clock::now();
  const auto stack = stack_of("waiting");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(3));
  ASSERT_TRUE(stack.has_value());
  EXPECT_TRUE(stack->frames.empty());
}

}  // namespace

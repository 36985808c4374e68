#include "launcher/worker_group.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace launcher {
namespace {

LaunchPlan group_of_shell(const std::string& script, int threads = 1) {
  return {.workers = 1, .threads_per_worker = threads, .command = {"/bin/sh", "-c", script}};
}

int exit_code_of(WorkerGroup& worker_group) {
  while (!worker_group.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return *worker_group.exit_code();
}

TEST(WorkerGroup, TellsWorkersTheirThreadsAndTheirAttempt) {
  WorkerGroup threads(group_of_shell("exit $OMP_NUM_THREADS", 7), 0);
  EXPECT_EQ(exit_code_of(threads), 7);
  WorkerGroup attempt(group_of_shell("exit $RESTORE_ATTEMPT"), 5);
  EXPECT_EQ(exit_code_of(attempt), 5);
}

TEST(WorkerGroup, AsksToSaveByUsr1) {
  const std::string ready = testing::TempDir() + "/ready";
  std::filesystem::remove(ready);
  WorkerGroup worker_group(
      group_of_shell("trap 'exit 85' USR1; touch " + ready + "; while :; do sleep 0.05; done"), 0);
  while (!std::filesystem::exists(ready))
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  worker_group.ask_to_save();
  EXPECT_EQ(exit_code_of(worker_group), 85);
}

TEST(WorkerGroup, RunsWhatEndsWorkersElsewhere) {
  const std::string ended = testing::TempDir() + "/ended-elsewhere";
  std::filesystem::remove(ended);
  LaunchPlan plan = group_of_shell("sleep 60");
  plan.end_command = {"touch", ended};
  WorkerGroup worker_group(plan, 0);
  worker_group.kill_all();
  EXPECT_TRUE(std::filesystem::exists(ended));
  EXPECT_EQ(worker_group.exit_code(), 128 + 9);
}

}  // namespace
}  // namespace launcher

#include "launcher/gang.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "launcher/exit_meaning.h"

namespace launcher {
namespace {

LaunchPlan shell(const std::string& script, int threads = 1) {
  return {.workers = 1, .threads_per_worker = threads, .command = {"/bin/sh", "-c", script}};
}

int exit_code_of(Gang& gang) {
  while (!gang.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return *gang.exit_code();
}

TEST(Gang, TellsWorkersTheirThreadsAndTheirGeneration) {
  Gang threads(shell("exit $OMP_NUM_THREADS", 7), 0);
  EXPECT_EQ(exit_code_of(threads), 7);
  Gang generation(shell("exit $RESTORE_GENERATION"), 5);
  EXPECT_EQ(exit_code_of(generation), 5);
}

TEST(Gang, AsksToSaveByUsr1) {
  const std::string ready = testing::TempDir() + "/ready";
  std::filesystem::remove(ready);
  Gang gang(shell("trap 'exit 85' USR1; touch " + ready + "; while :; do sleep 0.05; done"), 0);
  while (!std::filesystem::exists(ready))
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  gang.ask_to_save();
  EXPECT_EQ(exit_code_of(gang), 85);
}

TEST(Gang, RunsWhatEndsWorkersElsewhere) {
  const std::string ended = testing::TempDir() + "/ended-elsewhere";
  std::filesystem::remove(ended);
  LaunchPlan plan = shell("sleep 60");
  plan.end_command = {"touch", ended};
  Gang gang(plan, 0);
  gang.kill_all();
  EXPECT_TRUE(std::filesystem::exists(ended));
  EXPECT_EQ(gang.exit_code(), 128 + 9);
}

TEST(ExitMeaning, DistinguishesRequeueKilledAndUnknown) {
  EXPECT_THAT(meaning_of_exit(85), testing::HasSubstr("saved"));
  EXPECT_THAT(meaning_of_exit(137), testing::HasSubstr("signal 9"));
  EXPECT_THAT(meaning_of_exit(205), testing::HasSubstr("lost the connection to a host"));
  EXPECT_THAT(meaning_of_exit(1), testing::HasSubstr("failed"));
}

}  // namespace
}  // namespace launcher

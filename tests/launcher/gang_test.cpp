#include "launcher/gang.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/error.h"

namespace launcher {
namespace {

int run_shell(const std::string& script, int threads = 1) {
  return run_gang(
      {.workers = 1, .threads_per_worker = threads, .command = {"/bin/sh", "-c", script}});
}

TEST(Gang, PassesTheExitCodeOn) {
  EXPECT_EQ(run_shell("exit 0"), 0);
  EXPECT_EQ(run_shell("exit 78"), 78);
}

TEST(Gang, ReportsASignalAsShellsDo) { EXPECT_EQ(run_shell("kill -KILL $$"), 128 + 9); }

TEST(Gang, TellsWorkersTheirThreads) { EXPECT_EQ(run_shell("exit $OMP_NUM_THREADS", 7), 7); }

TEST(Gang, LetsTheCommandReceiveSignals) {
  // Were the launcher's blocked signals inherited, the command would not see its own USR1.
  EXPECT_EQ(run_shell("trap 'exit 85' USR1; kill -USR1 $$; exit 1"), 85);
}

TEST(Gang, SaysWhichProgramIsMissing) {
  try {
    run_gang({.workers = 1, .threads_per_worker = 1, .command = {"no-such-mpirun"}});
    FAIL() << "nothing was started, yet nothing was thrown";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::io);
    EXPECT_THAT(error.what(), testing::HasSubstr("no-such-mpirun"));
  }
}

TEST(ExitMeaning, DistinguishesRequeueKilledAndUnknown) {
  EXPECT_THAT(meaning_of_exit(85), testing::HasSubstr("saved"));
  EXPECT_THAT(meaning_of_exit(137), testing::HasSubstr("signal 9"));
  EXPECT_THAT(meaning_of_exit(1), testing::HasSubstr("failed"));
}

}  // namespace
}  // namespace launcher

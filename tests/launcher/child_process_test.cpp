#include "launcher/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "health/process.h"
#include "tests/common/expect_error.h"

namespace launcher {
namespace {

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

TEST(ChildProcess, TellsItsExitCodeOrItsSignal) {
  EXPECT_EQ(wait_for_exit(start_child(shell("exit 78")), 10), 78);
  EXPECT_EQ(wait_for_exit(start_child(shell("kill -KILL $$")), 10), 128 + SIGKILL);
}

TEST(ChildProcess, IsKilledWhereItTakesTooLong) {
  const pid_t child = start_child(shell("sleep 60"));
  EXPECT_EQ(wait_for_exit(child, 0.1), std::nullopt);
  EXPECT_FALSE(health::is_alive(child));
}

TEST(ChildProcess, SeesSignalsThatTheLauncherBlocks) {
  sigset_t usr1, before;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  sigprocmask(SIG_BLOCK, &usr1, &before);
  EXPECT_EQ(wait_for_exit(start_child(shell("trap 'exit 85' USR1; kill -USR1 $$; exit 1")), 10),
            85);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST(ChildProcess, ThatIsMissingIsNamed) {
  tests::expect_error(common::ErrorKind::io, "no-such-mpirun",
                      [] { start_child({"no-such-mpirun"}); });
}

/// The pid that a script writes into a file.
pid_t pid_in(const std::string& path) {
  pid_t pid = 0;
  while (!(std::ifstream(path) >> pid)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return pid;
}

bool is_stopped(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string pid, name, state;
  file >> pid >> name >> state;
  return state == "T";
}

TEST(ChildProcess, LeavesNothingBehindNotEvenWhatIsStopped) {
  adopt_orphans();
  kill_all_children();  // of other tests
  const std::string path = testing::TempDir() + "/grandchild-" + std::to_string(getpid());
  // As mpirun does it: the rank is in a session of its own, and the one who started it is killed.
  const pid_t child = start_child(shell("setsid sh -c 'echo $$ >" + path + ".tmp; mv " + path +
                                        ".tmp " + path + "; kill -STOP $$' & kill -KILL $$"));
  const pid_t grandchild = pid_in(path);
  EXPECT_EQ(wait_for_exit(child, 10), 128 + SIGKILL);
  while (!is_stopped(grandchild)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(kill_all_children(), 1);
  EXPECT_FALSE(health::is_alive(grandchild));
  unlink(path.c_str());
}

}  // namespace
}  // namespace launcher

#include "launcher/gang.h"

#include <fcntl.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "common/error.h"
#include "common/files.h"

namespace launcher {
namespace {

using common::Error;
using common::ErrorKind;
using common::FileDescriptor;

/// The signals that the launcher waits for instead of being interrupted by them; given back at the
/// end of its life.
class WatchedSignals {
 public:
  WatchedSignals() {
    sigemptyset(&watched_);
    for (const int number : {SIGUSR1, SIGTERM, SIGINT, SIGCHLD}) sigaddset(&watched_, number);
    sigprocmask(SIG_BLOCK, &watched_, &before_);
  }
  ~WatchedSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  WatchedSignals(const WatchedSignals&) = delete;
  WatchedSignals& operator=(const WatchedSignals&) = delete;

  int wait() const {
    int number = 0;
    while (sigwait(&watched_, &number) != 0) {
    }
    return number;
  }
  const sigset_t& before() const { return before_; }

 private:
  sigset_t watched_{}, before_{};
};

/// In the child, between fork and exec: only calls that are safe there. Reports errno through the
/// pipe if exec fails.
[[noreturn]] void become(char* const* argv, const sigset_t& mask, pid_t parent, int error_pipe) {
  setpgid(0, 0);  // a Ctrl-C reaches the launcher alone, which decides what the workers see
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // A process group in the background may not read the terminal.
  if (const int null = open("/dev/null", O_RDONLY); null >= 0) dup2(null, STDIN_FILENO);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  if (getppid() == parent) execvp(argv[0], argv);
  const int code = errno;
  [[maybe_unused]] const ssize_t written = write(error_pipe, &code, sizeof code);
  _exit(127);
}

pid_t start(const LaunchPlan& plan, const sigset_t& mask) {
  std::vector<char*> argv;
  for (const std::string& word : plan.command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  setenv("OMP_NUM_THREADS", std::to_string(plan.threads_per_worker).c_str(), 1);

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw common::io_error("cannot make a pipe to", plan.command[0]);
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const pid_t launcher = getpid();
  const pid_t child = fork();
  if (child < 0) throw common::io_error("cannot start", plan.command[0]);
  if (child == 0) become(argv.data(), mask, launcher, write_end.get());
  write_end = FileDescriptor();
  int code = 0;
  if (read(read_end.get(), &code, sizeof code) ==
      sizeof code) {  // exec closes the pipe: nothing to read
    waitpid(child, nullptr, 0);
    throw Error(ErrorKind::io,
                "cannot start " + plan.command[0] + ": " + std::strerror(code) +
                    "; is it installed and in PATH? (scripts/setup installs OpenMPI)");
  }
  return child;
}

/// Passes one signal on; `asked_before` is true once the workers were asked to save and stop.
void pass_on(int number, pid_t child, bool asked_before) {
  if (number != SIGUSR1 && asked_before) {
    spdlog::warn("{} again: ending the workers at once", strsignal(number));
    kill(child, SIGTERM);
    return;
  }
  spdlog::info("{}: asking the workers to save and stop", strsignal(number));
  kill(child, SIGUSR1);
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_gang(const LaunchPlan& plan) {
  const WatchedSignals signals;
  const pid_t child = start(plan, signals.before());
  bool asked = false;
  while (true) {
    const int number = signals.wait();
    if (number != SIGCHLD) {
      pass_on(number, child, asked);
      asked = true;
      continue;
    }
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) return exit_code_of(status);
  }
}

std::string meaning_of_exit(int code) {
  switch (code) {
    case common::kExitDone: return "the job is done";
    case common::kExitUsage:
      return "the command line asks for something impossible; see the message above";
    case common::kExitBadData:
      return "a file does not hold what its format promises; see the message above";
    case common::kExitInternal:
      return "a worker met an error that it cannot recover from; see the message above";
    case common::kExitIo: return "the operating system refused a file; see the message above";
    case common::kExitRetryable:
      return "a worker failed or could not be reached; starting again may help";
    case common::kExitBadConfig: return "the configuration is wrong; see the message above";
    case common::kExitRequeue:
      return "the job was asked to stop and has saved; the same command goes on from there";
  }
  if (code > 128 && code <= 128 + SIGRTMAX) {
    const int number = code - 128;
    const std::string who = number == SIGKILL ? " (out of memory, or somebody's kill -9)" : "";
    return "a worker was ended by signal " + std::to_string(number) + ", " + strsignal(number) +
           who;
  }
  return "a worker, or what started it, failed; see the messages above";
}

}  // namespace launcher

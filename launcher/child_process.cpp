#include "launcher/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "common/error.h"
#include "common/files.h"
#include "health/process.h"

namespace launcher {
namespace {

namespace fs = std::filesystem;
using common::FileDescriptor;
using Clock = std::chrono::steady_clock;

constexpr auto kPoll = std::chrono::milliseconds(20);

Clock::time_point after(double seconds) {
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// In the child, between fork and exec: only calls that are safe there. Reports errno through the
/// pipe if exec fails.
[[noreturn]] void become(char* const* argv, const ChildOptions& options, pid_t parent,
                         int error_pipe) {
  setpgid(0, 0);
  if (options.dies_with_us) prctl(PR_SET_PDEATHSIG, SIGTERM);
  // A process group in the background may not read the terminal.
  if (const int null = open("/dev/null", O_RDONLY); null >= 0) dup2(null, STDIN_FILENO);
  if (options.output >= 0) dup2(options.output, STDOUT_FILENO);
  if (options.errors >= 0) dup2(options.errors, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (getppid() == parent) execvp(argv[0], argv);
  const int code = errno;
  [[maybe_unused]] const ssize_t written = write(error_pipe, &code, sizeof code);
  _exit(127);
}

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto state = health::process_state(std::stoi(name));
    if (state && state->parent == getpid()) children.push_back(std::stoi(name));
  }
  return children;
}

}  // namespace

pid_t start_child(const std::vector<std::string>& command, const ChildOptions& options) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw common::io_error("cannot make a pipe to", command[0]);
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw common::io_error("cannot start", command[0]);
  if (child == 0) become(argv.data(), options, parent, write_end.get());
  write_end = FileDescriptor();
  int code = 0;
  // exec closes the pipe: then there is nothing to read.
  if (read(read_end.get(), &code, sizeof code) == sizeof code) {
    waitpid(child, nullptr, 0);
    errno = code;
    throw common::io_error(
        "cannot start (is it installed and in PATH? scripts/setup installs "
        "OpenMPI)",
        command[0]);
  }
  return child;
}

std::optional<int> exit_code_if_ended(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child) return {};
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::optional<int> wait_for_exit(pid_t child, double timeout_s) {
  for (const auto end = after(timeout_s); Clock::now() < end; std::this_thread::sleep_for(kPoll)) {
    if (const auto code = exit_code_if_ended(child)) return code;
  }
  kill(-child, SIGKILL);  // and what it has started
  kill(child, SIGKILL);   // where it has no group of its own
  waitpid(child, nullptr, 0);
  return {};
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

int kill_all_children(double timeout_s) {
  int killed = 0;
  const auto end = after(timeout_s);
  // Again and again: who dies leaves its own children to us.
  for (auto children = own_children(); !children.empty() && Clock::now() < end;
       children = own_children()) {
    for (const pid_t child : children) {
      if (health::is_alive(child)) kill(child, SIGKILL);
      if (waitpid(child, nullptr, WNOHANG) == child) ++killed;
    }
    std::this_thread::sleep_for(kPoll);
  }
  return killed;
}

}  // namespace launcher

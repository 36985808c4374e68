#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace launcher {

/// How a child is started; a file descriptor of -1 means the launcher's own.
struct ChildOptions {
  int output = -1;           ///< becomes its stdout
  int errors = -1;           ///< becomes its stderr
  bool dies_with_us = true;  ///< gets SIGTERM when this process ends, however it ends
};

/// Starts `command` in a process group of its own, with no signal blocked and without a terminal to
/// read from: a Ctrl-C reaches the launcher alone, which decides what the workers see.
/// Throws Error(io) if the program cannot be started.
pid_t start_child(const std::vector<std::string>& command, const ChildOptions& options = {});

/// The exit code of a child that has ended (128 + n if signal n ended it), or nothing while it
/// runs.
std::optional<int> exit_code_if_ended(pid_t child);

/// Waits for the end; kills it after `timeout_s` and returns nothing then.
std::optional<int> wait_for_exit(pid_t child, double timeout_s);

/// Makes this process the parent of whatever its children leave behind.
void adopt_orphans();

/// Ends, with SIGKILL, every child of this process and all they leave behind, stopped ones too, and
/// returns how many there were. Gives up after `timeout_s`: a process in an uninterruptible wait of
/// the kernel cannot be ended.
int kill_all_children(double timeout_s = 5);

}  // namespace launcher

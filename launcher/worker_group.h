#pragma once

#include <sys/types.h>

#include <optional>

#include "launcher/launch_plan.h"

namespace launcher {

/// The running workers of one attempt, through the mpirun or srun that started them. They die
/// with this process, however it ends, and with this object.
class WorkerGroup {
 public:
  /// Starts the plan's command with RESTORE_ATTEMPT. `output`: where its stdout and stderr go;
  /// -1: where the launcher's go. Throws Error(io) if it cannot be started.
  WorkerGroup(const LaunchPlan& plan, int attempt, int output = -1);
  ~WorkerGroup();
  WorkerGroup(const WorkerGroup&) = delete;
  WorkerGroup& operator=(const WorkerGroup&) = delete;

  /// The command's exit code (128 + n if signal n ended it) once it has ended. What it has left
  /// behind on this machine, such as the ranks of a killed mpirun, is then ended as well.
  std::optional<int> exit_code();

  /// Asks the workers to finish their step, save and exit with 85. By SIGUSR1, because mpirun kills
  /// its ranks within two seconds of a SIGTERM.
  void ask_to_save() const;

  /// Asks the command to end the workers; it takes seconds, and forever if a worker is stopped.
  void terminate() const;

  /// Ends all at once: the command, every process that it has started on this machine, and, by the
  /// plan's end_command, those elsewhere.
  void kill_all();

 private:
  std::vector<std::string> end_command_;
  pid_t command_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace launcher

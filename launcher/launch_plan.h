#pragma once
// Decides how many workers run with how many threads and by which command. Includes common/ only:
// no torch, no MPI. Start reading at plan_launch; gang.h runs what it returns.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/slurm_job.h"

namespace launcher {

/// What a person asked for on the command line.
struct LaunchOptions {
  int workers = 0;  ///< 0: one a core, or Slurm's number of tasks
  bool oversubscribe = false;
  std::vector<std::string> worker_arguments = {};
};

/// What was found on this machine.
struct Machine {
  int cores = 1;
  bool is_root = false;
  std::filesystem::path worker_program;
  std::optional<SlurmJob> slurm = std::nullopt;
};

struct LaunchPlan {
  int workers = 1;
  int threads_per_worker = 1;
  std::vector<std::string> command;  ///< argv; workers find their threads in OMP_NUM_THREADS
};

/// The command that starts the workers: mpirun on this machine, srun in an allocation of several
/// tasks. Never plans two workers for one core unless `oversubscribe` is set. Throws Error(usage)
/// if more workers are asked for than there are cores or tasks.
LaunchPlan plan_launch(const LaunchOptions& options, const Machine& machine);

/// The plan as a line for a shell, quoted where that is needed.
std::string shell_line(const LaunchPlan& plan);

}  // namespace launcher

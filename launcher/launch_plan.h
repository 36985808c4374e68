#pragma once
#include <string>
#include <vector>

#include "launcher/job_facts.h"
#include "launcher/machine.h"

namespace launcher {

/// The workers that a person asked for.
struct LaunchOptions {
  int workers = 0;  ///< 0: as many as there are devices or tasks, and the job can use
  bool oversubscribe = false;
  std::vector<std::string> worker_arguments = {};
};

struct LaunchPlan {
  int workers = 1;
  int threads_per_worker = 1;
  std::vector<std::string> command;  ///< argv; workers find their threads in OMP_NUM_THREADS
  /// Ends workers on other machines that outlive the command; empty if none can.
  std::vector<std::string> end_command = {};
};

/// The command that starts the workers: mpirun on this machine or over the hosts, srun in an
/// allocation of several tasks. One worker for each GPU if the job wants GPUs and there are any,
/// else one for each core; two workers share a core only if `oversubscribe` is set. Throws
/// Error(usage) if more workers are asked for than there is room for.
LaunchPlan plan_launch(const LaunchOptions& options, const Machine& machine, const JobFacts& job);

/// Workers that the machine, the hosts or the allocation have room for, legal or not.
int room_for_workers(const Machine& machine, const JobFacts& job);

/// The plan as a line for a shell, quoted where that is needed.
std::string shell_line(const LaunchPlan& plan);

}  // namespace launcher

#pragma once
// restore-launch: starts, watches, stops and restarts the workers of one job. Includes common/
// only: no torch, no MPI. Start reading at run_job (job_run.h), which goes from plan_launch to
// WorkerGroup, WorkerGroupWatch and RestartPolicy.

#include <string>
#include <vector>

#include "launcher/job_facts.h"
#include "launcher/machine.h"

namespace launcher {

/// What a person asked for on the command line.
struct LaunchOptions {
  int workers = 0;  ///< 0: as many as there are devices or tasks, and the job can use
  bool oversubscribe = false;
  std::vector<std::string> worker_arguments = {};
};

struct LaunchPlan {
  int workers = 1;
  int threads_per_worker = 1;
  std::vector<std::string> command;  ///< argv; workers find their threads in OMP_NUM_THREADS
  /// Ends workers that outlive the command on other machines; empty where there is no such need.
  std::vector<std::string> end_command = {};
};

/// The command that starts the workers: mpirun on this machine or over the hosts, srun in an
/// allocation of several tasks. One worker a GPU where the job wants GPUs and there are any, else
/// one a core; never two workers on one core unless `oversubscribe` is set.
/// Throws Error(usage) if more workers are asked for than there is room for.
LaunchPlan plan_launch(const LaunchOptions& options, const Machine& machine, const JobFacts& job);

/// Workers that the machine, the hosts or the allocation have room for, legal or not.
int room_for_workers(const Machine& machine, const JobFacts& job);

/// The plan as a line for a shell, quoted where that is needed.
std::string shell_line(const LaunchPlan& plan);

}  // namespace launcher

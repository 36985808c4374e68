#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "launcher/machine.h"

namespace launcher {

/// What the launcher has to know of a job's configuration.
struct JobFacts {
  std::filesystem::path run_folder = {};
  std::string device = "cpu";  ///< run.device
  int micro_batches = 1;       ///< schedule.micro_batches_per_step
  bool tree = false;           ///< comm.reduction is tree
  /// Seconds that the workers' own watchdog grants a phase (start, data, step, ...); 0 or absent:
  /// no deadline.
  std::map<std::string, double> deadlines_s = {};
};

/// Asks the worker's program for the resolved configuration, so that defaults and checks are known
/// in one place. `arguments` are the workers' --config, --set and so on. The program's own messages
/// go to stderr. Throws Error(config) if it refuses the configuration, Error(io) if it cannot be
/// started.
JobFacts ask_worker_program(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments);

/// The same of a file with a resolved configuration.
JobFacts read_job_facts(const std::filesystem::path& config_yaml);

/// The largest number of workers up to `at_most` that can share a step of this job: it divides the
/// micro-batches and, for the tree reduction, gives each worker a whole subtree.
int largest_legal_workers(const JobFacts& job, int at_most);

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

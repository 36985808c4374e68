#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

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

}  // namespace launcher

#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launcher/host_list.h"

namespace launcher {

/// The part of a Slurm allocation that the launcher needs.
struct SlurmJob {
  std::string id;
  int num_tasks = 1;
  int cpus_per_task = 1;
};

/// Looks up a variable of the environment; empty if it is not set.
using Environment = std::function<std::string(const char*)>;

/// The allocation that this process runs in; nothing outside Slurm.
/// Throws Error(usage) if this process is itself one of several tasks of srun, or if a variable is
/// not a number.
std::optional<SlurmJob> slurm_job(const Environment& environment);

/// This machine and the allocation that it is part of.
struct Machine {
  int cores = 1;                ///< that this process may keep busy
  bool owns_all_cores = false;  ///< this process may use every core of the machine
  int gpus = 0;                 ///< that the driver offers
  bool is_root = false;
  std::filesystem::path worker_program;
  std::vector<Host> hosts = {};  ///< of --hosts; empty: this machine alone
  std::optional<SlurmJob> slurm = std::nullopt;
};

/// Looks at the machine as it is now: a GPU that failed since the last look is no longer counted.
/// `hosts` is the text of --hosts and may be empty. Throws Error(usage) if it is wrong, and as
/// slurm_job does.
Machine find_machine(const std::string& hosts);

}  // namespace launcher

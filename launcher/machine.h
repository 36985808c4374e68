#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/host_list.h"
#include "launcher/slurm_job.h"

namespace launcher {

/// What was found on this machine and in the allocation it stands in.
struct Machine {
  int cores = 1;                ///< that this process may keep busy
  bool owns_all_cores = false;  ///< nothing keeps it from any core of the machine
  int gpus = 0;                 ///< that the driver offers
  bool is_root = false;
  std::filesystem::path worker_program;
  std::vector<Host> hosts = {};  ///< of --hosts; empty: this machine alone
  std::optional<SlurmJob> slurm = std::nullopt;
};

/// Looks at the machine as it is now: a GPU that failed since the last look is no longer counted.
/// `hosts` is the text of --hosts, may be empty. Throws Error(usage) for a wrong one, and as
/// slurm_job does.
Machine find_machine(const std::string& hosts);

}  // namespace launcher

#pragma once

#include <functional>
#include <optional>
#include <string>

namespace launcher {

/// The part of a Slurm allocation that the launcher needs.
struct SlurmJob {
  std::string id;
  int num_tasks = 1;
  int cpus_per_task = 1;
};

/// Looks up a variable of the environment; empty where it is not set.
using Environment = std::function<std::string(const char*)>;

/// The allocation this process stands in, or nothing outside Slurm.
/// Throws Error(usage) if this process is itself one of several tasks of srun, or if a variable is
/// not a number.
std::optional<SlurmJob> slurm_job(const Environment& environment);

}  // namespace launcher

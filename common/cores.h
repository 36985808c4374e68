#pragma once

#include <filesystem>

namespace common {

/// The logical CPUs that this process may keep busy: the smallest of its affinity mask and its
/// cgroups' quotas, rounded down, at least 1. Hyper-threads count, as they do for Slurm.
/// `cgroup_root` is where the control groups are mounted, `own_cgroups` the process's list of them.
int usable_cores(const std::filesystem::path& cgroup_root = "/sys/fs/cgroup",
                 const std::filesystem::path& own_cgroups = "/proc/self/cgroup");

}  // namespace common

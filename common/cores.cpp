#include "common/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

namespace common {
namespace {

namespace fs = std::filesystem;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

int cores_of_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/// Version 2: "max 100000" or "150000 100000" (quota and period in microseconds).
double quota_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : kNoLimit;
}

/// Version 1: two files, the quota -1 where there is none.
double quota_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us"), period_file(group / "cpu.cfs_period_us");
  double quota = 0, period = 0;
  const bool limited = quota_file >> quota && period_file >> period && quota > 0 && period > 0;
  return limited ? quota / period : kNoLimit;
}

/// A quota binds everything below it: the smallest on the way from the process's group up to the
/// root.
template <class Quota>
double smallest_quota(const fs::path& root, fs::path group, Quota quota) {
  double cores = quota(root);
  for (; group.has_relative_path(); group = group.parent_path()) {
    cores = std::min(cores, quota(root / group.relative_path()));
  }
  return cores;
}

/// The line of /proc/self/cgroup "0::/path" is version 2's; "5:cpu,cpuacct:/path" names version 1's
/// controllers.
double cores_of_cgroups(const fs::path& root, const fs::path& own_cgroups) {
  double cores = kNoLimit;
  std::ifstream file(own_cgroups);
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path group = line.substr(second + 1);
    if (controllers == ",,") cores = std::min(cores, smallest_quota(root, group, quota_v2));
    if (controllers.find(",cpu,") != std::string::npos) {
      cores = std::min(cores, smallest_quota(root / "cpu", group, quota_v1));
    }
  }
  return cores;
}

}  // namespace

int usable_cores(const fs::path& cgroup_root, const fs::path& own_cgroups) {
  const double limit = std::floor(cores_of_cgroups(cgroup_root, own_cgroups));
  return static_cast<int>(std::clamp<double>(limit, 1, std::max(1, cores_of_affinity())));
}

}  // namespace common

#include "common/hardware.h"

#include <dlfcn.h>
#include <malloc.h>
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

int num_gpus_by_driver() {
  // Never closed: the driver has threads and exit handlers of its own.
  void* const driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return 0;
  // As cuda.h declares them; 0 is CUDA_SUCCESS.
  auto* const init = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  auto* const get_count = reinterpret_cast<int (*)(int*)>(dlsym(driver, "cuDeviceGetCount"));
  int count = 0;
  const bool known = init != nullptr && get_count != nullptr && init(0) == 0;
  return known && get_count(&count) == 0 ? count : 0;
}

void keep_freed_memory() {
  constexpr int kTopPad_bytes = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, kTopPad_bytes);
}

int64_t peak_memory_bytes() {
  // Not getrusage: its figure may be that of the program that started this one.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  }
  return 0;
}

}  // namespace common

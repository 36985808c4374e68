#include "launcher/machine.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "common/hardware.h"
#include "launcher/child_process.h"

namespace launcher {
namespace {

constexpr double kDriverTimeout_s = 60;
constexpr int kMaxGpus = 127;  // an exit code says it; from 128 on it would be a signal's

/// Counted by a child: a process that has asked the driver once never sees that a GPU is gone, and
/// the driver of a broken GPU may not answer at all.
int count_gpus() {
  const pid_t child = fork();
  if (child < 0) return 0;
  if (child == 0) _exit(std::min(common::num_gpus_by_driver(), kMaxGpus));
  const auto count = wait_for_exit(child, kDriverTimeout_s);
  return count && *count <= kMaxGpus ? *count : 0;
}

}  // namespace

Machine find_machine(const std::string& hosts) {
  Machine machine;
  machine.cores = common::usable_cores();
  machine.owns_all_cores = machine.cores == sysconf(_SC_NPROCESSORS_ONLN);
  machine.gpus = count_gpus();
  machine.is_root = geteuid() == 0;
  machine.worker_program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "restore-worker";
  machine.slurm = slurm_job([](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  });
  if (!hosts.empty())
    machine.hosts = parse_hosts(hosts, machine.gpus > 0 ? machine.gpus : machine.cores);
  return machine;
}

}  // namespace launcher

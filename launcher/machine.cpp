#include "launcher/machine.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "common/error.h"
#include "common/hardware.h"
#include "common/installation.h"
#include "launcher/child_process.h"

namespace launcher {
namespace {

constexpr double kDriverTimeout_s = 60;
constexpr int kMaxGpus = 127;  // an exit code says it; 128 and more mean a signal

/// Counted by a child process: a process that has asked the driver once never sees that a GPU is
/// gone, and the driver of a broken GPU may not answer at all.
int count_gpus() {
  const pid_t child = fork();
  if (child < 0) return 0;
  if (child == 0) _exit(std::min(common::num_gpus_by_driver(), kMaxGpus));
  const auto count = wait_for_exit(child, kDriverTimeout_s);
  return count && *count <= kMaxGpus ? *count : 0;
}

int slurm_number(const Environment& environment, const char* name, int if_unset) {
  const std::string text = environment(name);
  if (text.empty()) return if_unset;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) {
    throw common::usage_error(std::string(name) + " is '" + text +
                              "', a whole number of at least 1 was expected");
  }
  return value;
}

}  // namespace

std::optional<SlurmJob> slurm_job(const Environment& environment) {
  const std::string id = environment("SLURM_JOB_ID");
  if (id.empty()) return std::nullopt;
  if (const int tasks = slurm_number(environment, "SLURM_STEP_NUM_TASKS", 1); tasks > 1) {
    throw common::usage_error(
        "restore-launch is one of " + std::to_string(tasks) +
        " tasks of srun; start it once in the batch script, it calls srun itself");
  }
  return SlurmJob{id, slurm_number(environment, "SLURM_NTASKS", 1),
                  slurm_number(environment, "SLURM_CPUS_PER_TASK", 1)};
}

Machine find_machine(const std::string& hosts) {
  Machine machine;
  machine.cores = common::usable_cores();
  machine.owns_all_cores = machine.cores == sysconf(_SC_NPROCESSORS_ONLN);
  machine.gpus = count_gpus();
  machine.is_root = geteuid() == 0;
  machine.worker_program = common::program_folder() / "restore-worker";
  machine.slurm = slurm_job([](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  });
  if (!hosts.empty())
    machine.hosts = parse_hosts(hosts, machine.gpus > 0 ? machine.gpus : machine.cores);
  return machine;
}

}  // namespace launcher

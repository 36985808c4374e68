#include "launcher/slurm_job.h"

#include <charconv>

#include "common/error.h"

namespace launcher {
namespace {

int number(const Environment& environment, const char* name, int if_unset) {
  const std::string text = environment(name);
  if (text.empty()) return if_unset;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1) {
    throw common::Error(
        common::ErrorKind::usage,
        std::string(name) + " is '" + text + "', a whole number of at least 1 was expected");
  }
  return value;
}

}  // namespace

std::optional<SlurmJob> slurm_job(const Environment& environment) {
  const std::string id = environment("SLURM_JOB_ID");
  if (id.empty()) return std::nullopt;
  if (const int tasks = number(environment, "SLURM_STEP_NUM_TASKS", 1); tasks > 1) {
    throw common::Error(
        common::ErrorKind::usage,
        "restore-launch is one of " + std::to_string(tasks) +
            " tasks of srun; start it once in the batch script, it calls srun itself");
  }
  return SlurmJob{id, number(environment, "SLURM_NTASKS", 1),
                  number(environment, "SLURM_CPUS_PER_TASK", 1)};
}

}  // namespace launcher

#include "launcher/job_facts.h"

#include <sys/mman.h>

#include <bit>
#include <string>

#include "common/config.h"
#include "common/error.h"
#include "common/files.h"
#include "launcher/child_process.h"

namespace launcher {
namespace {

using common::Error;
using common::ErrorKind;

constexpr double kAskTimeout_s = 60;  // LibTorch from a cold network disk takes its time

bool is_legal(const JobFacts& job, int workers) {
  if (job.micro_batches % workers != 0) return false;
  const auto own = static_cast<unsigned>(job.micro_batches / workers);
  return !job.tree || workers == 1 || std::has_single_bit(own);
}

}  // namespace

JobFacts ask_worker_program(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments) {
  const common::FileDescriptor answer(memfd_create("configuration", MFD_CLOEXEC));
  if (answer.get() < 0)
    throw common::io_error("cannot make a file in memory for", "--print-config");
  std::vector<std::string> command = {program.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.emplace_back("--print-config");
  const auto code = wait_for_exit(start_child(command, {.output = answer.get()}), kAskTimeout_s);
  if (code != common::kExitDone) {
    const std::string how =
        code ? "ended with exit code " + std::to_string(*code) : "gave no answer within a minute";
    throw Error(code == common::kExitIo ? ErrorKind::io : ErrorKind::config,
                program.string() + " --print-config " + how +
                    ", a configuration was expected; see its message above");
  }
  return read_job_facts("/proc/self/fd/" + std::to_string(answer.get()));
}

JobFacts read_job_facts(const std::filesystem::path& config_yaml) {
  common::ConfigSource source(config_yaml, {});
  std::string folder, name, reduction;
  int64_t micro_batches = 1;
  JobFacts job;
  common::FieldReader run = source.section("run");
  run.read("folder", folder);
  run.read("name", name);
  run.read("device", job.device);
  source.section("schedule").read("micro_batches_per_step", micro_batches);
  source.section("comm").read("reduction", reduction);
  common::FieldReader watchdog = source.section("watchdog");
  for (const char* phase : {"start", "data", "step", "validation", "save"})
    watchdog.read((std::string(phase) + "_s").c_str(), job.deadlines_s[phase]);
  job.deadlines_s["end"] = job.deadlines_s["save"];
  job.run_folder = std::filesystem::path(folder) / name;
  job.micro_batches = static_cast<int>(micro_batches);
  job.tree = reduction == "tree";
  return job;
}

int largest_legal_workers(const JobFacts& job, int at_most) {
  int workers = std::min(at_most, job.micro_batches);
  while (workers > 1 && !is_legal(job, workers)) --workers;
  return std::max(1, workers);
}

}  // namespace launcher

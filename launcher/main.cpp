// restore-launch: runs a training job on this machine, over hosts or in this Slurm allocation.
#include <cstdio>
#include <optional>

#include "common/error.h"
#include "common/log.h"
#include "launcher/explanation.h"
#include "launcher/job_run.h"
#include "launcher/worker_table.h"

namespace {

int launch(const launcher::Options& options, launcher::StopRequest& stop) {
  if (options.config.path.empty()) {
    throw common::usage_error(
        "--config FILE is missing: restore-launch --config configs/train.yaml");
  }
  const launcher::Machine machine = launcher::find_machine(options.hosts);
  const launcher::JobFacts job =
      launcher::ask_worker_program(machine.worker_program, launcher::worker_arguments(options));
  if (options.dry_run) {
    const auto plan = launcher::plan_first_start(options, machine, job);
    std::printf("%s\n", launcher::shell_line(plan).c_str());
    return common::kExitDone;
  }
  return launcher::run_job(options, machine, job, stop);
}

}  // namespace

int main(int argc, char** argv) {
  // First: a signal that comes before the workers are started must not end the launcher.
  auto stop = std::make_optional<launcher::StopRequest>();
  common::CommandLine line(
      "restore-launch",
      "Runs a training job on this machine, over several hosts or in this Slurm allocation: starts "
      "one worker for each GPU or core, watches them, and starts them again from the newest "
      "checkpoint when one dies or stops.");
  launcher::Options options;
  add_options(line, options);
  return line.run(argc, argv, [&] {
    common::start_log("");
    if (!options.status.empty() || !options.explain.empty()) stop.reset();
    if (!options.status.empty()) return launcher::print_status(options.status, options.watch);
    if (!options.explain.empty()) return launcher::print_explanation(options.explain);
    return launch(options, *stop);
  });
}

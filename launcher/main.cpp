// restore-launch: runs a training job on this machine, over hosts or in this Slurm allocation.
#include <cstdio>
#include <optional>

#include "common/command_line.h"
#include "common/error.h"
#include "common/log.h"
#include "launcher/explanation.h"
#include "launcher/job_run.h"
#include "launcher/watched_signals.h"
#include "launcher/worker_table.h"

namespace {

struct Arguments {
  common::ConfigOptions config;
  launcher::JobRunOptions job;
  std::string init;
  std::vector<std::string> freeze;
  std::string status, explain;
  bool watch = false;
  bool dry_run = false;
};

void add_job_options(common::CommandLine& line, Arguments& arguments) {
  line.add_config(arguments.config).existing_file();
  line.add("--resume", arguments.job.resume,
           "auto, never or the path of a checkpoint; for the first start, restarts go on "
           "from the newest valid checkpoint")
      .placeholder("auto|never|PATH");
  line.add("--init", arguments.init, "fine-tuning: a new run begins with this model file's weights")
      .placeholder("FILE");
  line.add("--freeze", arguments.freeze,
           "weights that stay as they are, such as 'encoder.*' (repeatable)")
      .placeholder("PATTERN")
      .repeatable();
}

void add_machine_options(common::CommandLine& line, Arguments& arguments) {
  line.add("--workers", arguments.job.launch.workers,
           "number of workers; 0: one a GPU or core, or Slurm's number of tasks, as far as "
           "they can share a step")
      .between(0, 4096)
      .show_default();
  line.add("--hosts", arguments.job.hosts,
           "machines with the number of workers that each takes, such as a:4,b:4")
      .placeholder("HOST[:N],...");
  line.add("--oversubscribe", arguments.job.launch.oversubscribe,
           "allow more workers than cores or GPUs");
  line.add("--max-restarts", arguments.job.max_restarts,
           "give up after so many restarts without a step that is further than all before")
      .between(0, 1'000'000)
      .show_default();
  line.add("--stopped-after", arguments.job.stopped_after_s,
           "seconds without a sign of life after which a worker counts as stopped")
      .between(1.0, 86400.0)
      .show_default();
  line.add("--dry-run", arguments.dry_run, "print the command and run nothing");
}

void add_look_options(common::CommandLine& line, Arguments& arguments) {
  auto status = line.add("--status", arguments.status, "print the workers of this run and stop")
                    .placeholder("RUN");
  line.add("--watch", arguments.watch, "with --status: keep on until interrupted").needs(status);
  line.add("--explain", arguments.explain,
           "say which worker of this run was behind when a deadline passed, and stop")
      .placeholder("RUN")
      .excludes(status);
}

std::vector<std::string> worker_arguments(const Arguments& arguments) {
  std::vector<std::string> words = {"--config", arguments.config.path};
  for (const std::string& override : arguments.config.overrides)
    words.insert(words.end(), {"--set", override});
  if (!arguments.init.empty()) words.insert(words.end(), {"--init", arguments.init});
  for (const std::string& pattern : arguments.freeze)
    words.insert(words.end(), {"--freeze", pattern});
  return words;
}

int launch(Arguments& arguments, const launcher::WatchedSignals& signals) {
  if (arguments.config.path.empty()) {
    throw common::Error(common::ErrorKind::usage,
                        "--config FILE is missing: restore-launch --config configs/train.yaml");
  }
  arguments.job.launch.worker_arguments = worker_arguments(arguments);
  const launcher::Machine machine = launcher::find_machine(arguments.job.hosts);
  const launcher::JobFacts job =
      launcher::ask_worker_program(machine.worker_program, arguments.job.launch.worker_arguments);
  if (arguments.dry_run) {
    const auto plan = launcher::plan_first_start(arguments.job, machine, job);
    std::printf("%s\n", launcher::shell_line(plan).c_str());
    return common::kExitDone;
  }
  return launcher::run_job(arguments.job, machine, job, signals);
}

}  // namespace

int main(int argc, char** argv) {
  // First: a signal that comes before the workers are started must not end the launcher.
  auto signals = std::make_optional<launcher::WatchedSignals>();
  common::CommandLine line(
      "restore-launch",
      "Runs a training job on this machine, over several hosts or in this Slurm allocation: starts "
      "one worker a GPU or core, watches them, and starts them again from the newest checkpoint "
      "when one dies or stops.");
  Arguments arguments;
  add_job_options(line, arguments);
  add_machine_options(line, arguments);
  add_look_options(line, arguments);
  line.footer(
      "SIGUSR1, SIGTERM or Ctrl-C: the workers finish their step, save and exit with 85; SIGTERM "
      "or Ctrl-C once more: they end at once. docs/launching.md tells the rest.");
  return line.run(argc, argv, [&] {
    common::start_log("");
    if (!arguments.status.empty() || !arguments.explain.empty()) signals.reset();
    if (!arguments.status.empty()) return launcher::print_status(arguments.status, arguments.watch);
    if (!arguments.explain.empty()) return launcher::print_explanation(arguments.explain);
    return launch(arguments, *signals);
  });
}

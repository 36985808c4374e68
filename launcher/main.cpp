// restore-launch: runs a training job on this machine, over hosts or in this Slurm allocation.
#include <cstdio>
#include <optional>

#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "launcher/explanation.h"
#include "launcher/job_run.h"
#include "launcher/watched_signals.h"
#include "launcher/worker_table.h"

namespace {

struct CommandLine {
  common::ConfigOptions config;
  launcher::JobRunOptions job;
  std::string init;
  std::vector<std::string> freeze;
  std::string status, explain;
  bool watch = false;
  bool dry_run = false;
};

void add_job_options(CLI::App& app, CommandLine& line) {
  common::add_config_options(app, line.config);
  app.get_option("--config")->check(CLI::ExistingFile);
  app.add_option("--resume", line.job.resume,
                 "auto, never or the path of a checkpoint; for the first start, restarts go on "
                 "from the newest valid checkpoint")
      ->type_name("auto|never|PATH");
  app.add_option("--init", line.init,
                 "fine-tuning: a new run begins with this model file's weights")
      ->type_name("FILE");
  app.add_option("--freeze", line.freeze,
                 "weights that stay as they are, such as 'encoder.*' (repeatable)")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
}

void add_machine_options(CLI::App& app, CommandLine& line) {
  app.add_option("--workers", line.job.launch.workers,
                 "number of workers; 0: one a GPU or core, or Slurm's number of tasks, as far as "
                 "they can share a step")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_option("--hosts", line.job.hosts,
                 "machines with the number of workers that each takes, such as a:4,b:4")
      ->type_name("HOST[:N],...");
  app.add_flag("--oversubscribe", line.job.launch.oversubscribe,
               "allow more workers than cores or GPUs");
  app.add_option("--max-restarts", line.job.max_restarts,
                 "give up after so many restarts without a step that is further than all before")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--stopped-after", line.job.stopped_after_s,
                 "seconds without a sign of life after which a worker counts as stopped")
      ->check(CLI::Range(1.0, 86400.0))
      ->capture_default_str();
  app.add_flag("--dry-run", line.dry_run, "print the command and run nothing");
}

void add_look_options(CLI::App& app, CommandLine& line) {
  auto* status = app.add_option("--status", line.status, "print the workers of this run and stop")
                     ->type_name("RUN");
  app.add_flag("--watch", line.watch, "with --status: keep on until interrupted")->needs(status);
  app.add_option("--explain", line.explain,
                 "say which worker of this run was behind when a deadline passed, and stop")
      ->type_name("RUN")
      ->excludes(status);
}

std::vector<std::string> worker_arguments(const CommandLine& line) {
  std::vector<std::string> words = {"--config", line.config.path};
  for (const std::string& override : line.config.overrides)
    words.insert(words.end(), {"--set", override});
  if (!line.init.empty()) words.insert(words.end(), {"--init", line.init});
  for (const std::string& pattern : line.freeze) words.insert(words.end(), {"--freeze", pattern});
  return words;
}

int launch(CommandLine& line, const launcher::WatchedSignals& signals) {
  if (line.config.path.empty()) {
    throw common::Error(common::ErrorKind::usage,
                        "--config FILE is missing: restore-launch --config configs/train.yaml");
  }
  line.job.launch.worker_arguments = worker_arguments(line);
  const launcher::Machine machine = launcher::find_machine(line.job.hosts);
  const launcher::JobFacts job =
      launcher::ask_worker_program(machine.worker_program, line.job.launch.worker_arguments);
  if (line.dry_run) {
    const auto plan = launcher::plan_first_start(line.job, machine, job);
    std::printf("%s\n", launcher::shell_line(plan).c_str());
    return common::kExitDone;
  }
  return launcher::run_job(line.job, machine, job, signals);
}

}  // namespace

int main(int argc, char** argv) {
  // First: a signal that comes before the workers are started must not end the launcher.
  auto signals = std::make_optional<launcher::WatchedSignals>();
  CLI::App app(
      "Runs a training job on this machine, over several hosts or in this Slurm allocation: starts "
      "one worker a GPU or core, watches them, and starts them again from the newest checkpoint "
      "when one dies or stops.",
      "restore-launch");
  CommandLine line;
  common::add_version(app);
  add_job_options(app, line);
  add_machine_options(app, line);
  add_look_options(app, line);
  app.footer(
      "SIGUSR1, SIGTERM or Ctrl-C: the workers finish their step, save and exit with 85; SIGTERM "
      "or Ctrl-C once more: they end at once. docs/launching.md tells the rest.");
  return common::run_program(app, argc, argv, [&] {
    common::start_log("");
    if (!line.status.empty() || !line.explain.empty()) signals.reset();
    if (!line.status.empty()) return launcher::print_status(line.status, line.watch);
    if (!line.explain.empty()) return launcher::print_explanation(line.explain);
    return launch(line, *signals);
  });
}

// restore-launch: runs a training job on this machine or in this Slurm allocation.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "common/cores.h"
#include "launcher/gang.h"
#include "launcher/launch_plan.h"

namespace {

namespace fs = std::filesystem;

struct CommandLine {
  common::ConfigOptions config;
  launcher::LaunchOptions launch;
  std::string resume;
  bool dry_run = false;
};

void add_options(CLI::App& app, CommandLine& line) {
  common::add_version(app);
  common::add_config_options(app, line.config);
  app.get_option("--config")->required()->check(CLI::ExistingFile);
  app.add_option("--workers", line.launch.workers,
                 "number of workers; 0: one a core, or Slurm's number of tasks")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_option("--resume", line.resume,
                 "auto, never or the path of a checkpoint; passed to the workers");
  app.add_flag("--oversubscribe", line.launch.oversubscribe, "allow more workers than cores");
  app.add_flag("--dry-run", line.dry_run, "print the command and run nothing");
  app.footer(
      "SIGUSR1, SIGTERM or Ctrl-C: the workers finish their step, save and exit with 85; once "
      "more: they end at once.");
}

std::vector<std::string> worker_arguments(const CommandLine& line) {
  std::vector<std::string> words = {"--config", line.config.path};
  for (const std::string& override : line.config.overrides)
    words.insert(words.end(), {"--set", override});
  if (!line.resume.empty()) words.insert(words.end(), {"--resume", line.resume});
  return words;
}

launcher::Machine find_machine() {
  const auto environment = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  launcher::Machine machine;
  machine.cores = common::usable_cores();
  machine.is_root = geteuid() == 0;
  machine.worker_program = fs::read_symlink("/proc/self/exe").parent_path() / "restore-worker";
  machine.slurm = launcher::slurm_job(environment);
  return machine;
}

int launch(CommandLine& line) {
  common::start_log("");
  line.launch.worker_arguments = worker_arguments(line);
  const launcher::LaunchPlan plan = launcher::plan_launch(line.launch, find_machine());
  if (line.dry_run) {
    std::printf("%s\n", launcher::shell_line(plan).c_str());
    return common::kExitDone;
  }
  spdlog::info("{} worker{} of {} thread{}: {}", plan.workers, plan.workers == 1 ? "" : "s",
               plan.threads_per_worker, plan.threads_per_worker == 1 ? "" : "s",
               launcher::shell_line(plan));
  const int code = launcher::run_gang(plan);
  spdlog::log(code == common::kExitDone ? spdlog::level::info : spdlog::level::warn,
              "exit code {}: {}", code, launcher::meaning_of_exit(code));
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Runs a training job on this machine or in this Slurm allocation: one worker a core, or as "
      "many as told.",
      "restore-launch");
  CommandLine line;
  add_options(app, line);
  return common::run_program(app, argc, argv, [&] { return launch(line); });
}

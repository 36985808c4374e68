#include "launcher/options.h"

namespace launcher {
namespace {

void add_job_options(common::CommandLine& line, Options& options) {
  line.add_config(options.config).existing_file();
  line.add("--resume", options.resume,
           "auto, never or the path of a checkpoint; for the first start, restarts go on "
           "from the newest valid checkpoint")
      .placeholder("auto|never|PATH");
  line.add("--init", options.init, "fine-tuning: a new run begins with this model file's weights")
      .placeholder("FILE");
  line.add("--freeze", options.freeze,
           "weights that stay as they are, such as 'find.*' (repeatable)")
      .placeholder("PATTERN")
      .repeatable();
}

void add_machine_options(common::CommandLine& line, Options& options) {
  line.add("--workers", options.workers,
           "number of workers; 0: one for each GPU or core, or Slurm's number of tasks, as far as "
           "they can share a step")
      .between(0, 4096)
      .show_default();
  line.add("--hosts", options.hosts,
           "machines with the number of workers that each takes, such as a:4,b:4")
      .placeholder("HOST[:N],...");
  line.add("--oversubscribe", options.oversubscribe, "allow more workers than cores or GPUs");
  line.add("--max-restarts", options.max_restarts,
           "give up after this many restarts without a step beyond the furthest so far")
      .between(0, 1'000'000)
      .show_default();
  line.add("--heartbeat-timeout", options.heartbeat_timeout_s,
           "seconds without a new heartbeat after which a worker counts as stopped")
      .between(1.0, 86400.0)
      .show_default();
  line.add("--dry-run", options.dry_run, "print the command and run nothing");
}

void add_look_options(common::CommandLine& line, Options& options) {
  auto status = line.add("--status", options.status, "print the workers of this run and stop")
                    .placeholder("RUN");
  line.add("--watch", options.watch, "with --status: again and again until interrupted")
      .needs(status);
  line.add("--explain", options.explain,
           "say which worker of this run was behind when a deadline passed, and stop")
      .placeholder("RUN")
      .excludes(status);
}

}  // namespace

void add_options(common::CommandLine& line, Options& options) {
  add_job_options(line, options);
  add_machine_options(line, options);
  add_look_options(line, options);
  line.footer(
      "SIGUSR1, SIGTERM or Ctrl-C: the workers finish their step, save and exit with 85; SIGTERM "
      "or Ctrl-C once more: they end at once. More in docs/launching.md.");
}

std::vector<std::string> worker_arguments(const Options& options) {
  std::vector<std::string> words = {"--config", options.config.path};
  for (const std::string& override : options.config.overrides)
    words.insert(words.end(), {"--set", override});
  if (!options.init.empty()) words.insert(words.end(), {"--init", options.init});
  for (const std::string& pattern : options.freeze)
    words.insert(words.end(), {"--freeze", pattern});
  return words;
}

}  // namespace launcher

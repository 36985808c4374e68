// restore-worker: one worker of a training job; alone, a job of one.
#include <cstdio>

#include "comm/mpi_group.h"
#include "common/allocator.h"
#include "common/config.h"
#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "worker/job.h"
#include "worker/process.h"

namespace {

worker::TrainConfig read_train_config(const common::ConfigOptions& source) {
  try {
    worker::TrainConfig config;
    common::read_config(source.path, source.overrides, config);
    return config;
  } catch (const common::Error&) {
    worker::let_worker_0_speak_first(comm::rank_by_launcher());
    throw;
  }
}

}  // namespace

int main(int argc, char** argv) {
  common::keep_freed_memory();
  common::ConfigOptions source;
  worker::JobOptions options;
  std::string init;
  std::vector<std::string> freeze;
  bool print_config = false;
  CLI::App app(
      "Trains a restorer: one worker of a job. mpirun -np N restore-worker ... starts a job of N "
      "workers; alone it is a job of one.",
      "restore-worker");
  common::add_version(app);
  common::add_config_options(app, source);
  app.add_option("--resume", options.resume,
                 "auto: go on from the newest valid checkpoint of the run's folder; never: begin "
                 "anew; or the directory of a checkpoint")
      ->type_name("auto|never|PATH")
      ->capture_default_str();
  app.add_option("--init", init,
                 "fine-tuning: a new run begins with this model file's weights; short for --set "
                 "run.init=FILE")
      ->type_name("FILE");
  app.add_option("--freeze", freeze,
                 "weights that stay as they are, such as 'encoder.*' (repeatable); adds to "
                 "optimizer.freeze")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
  app.add_flag("--dry-run", options.dry_run,
               "check configuration, store and network, print the configuration and stop");
  app.add_flag("--print-config", print_config, "print the configuration with comments and stop");
  app.footer("SIGUSR1 or SIGTERM: finish the step, save and exit with 85.");
  return common::run_program(app, argc, argv, [&] {
    worker::TrainConfig config = read_train_config(source);
    if (!init.empty()) config.run.init = init;
    config.optimizer.freeze.insert(config.optimizer.freeze.end(), freeze.begin(), freeze.end());
    if (print_config) {
      std::printf("%s", common::config_yaml(config, /*with_comments=*/true).c_str());
      return common::kExitDone;
    }
    const worker::StopSignals signals;
    const auto group = comm::open_group(config.comm.backend);
    common::start_log(group->size() > 1 ? "worker " + std::to_string(group->rank()) : "");
    return worker::end_all_on_error(
        *group, [&] { return worker::run_job(*group, config, options, signals); });
  });
}

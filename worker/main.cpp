// restore-worker: one worker of a training job; alone, a job of one.
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include "comm/device_group.h"
#include "comm/flight_recorder.h"
#include "comm/mpi_group.h"
#include "common/command_line.h"
#include "common/config.h"
#include "common/error.h"
#include "common/hardware.h"
#include "common/log.h"
#include "common/signals.h"
#include "health/process.h"
#include "health/watchdog.h"
#include "worker/job.h"

namespace {

worker::TrainConfig read_train_config(const common::ConfigOptions& source) {
  try {
    worker::TrainConfig config;
    common::read_config(source.path, source.overrides, config);
    return config;
  } catch (const common::Error&) {
    health::let_worker_0_speak_first(comm::rank_by_launcher());
    throw;
  }
}

device::ChosenDevice choose_device(const worker::TrainConfig& config, const comm::Group& group) {
  auto chosen = device::choose_device(config.run.device, group.local_rank());
  if (chosen.device.is_cpu()) return chosen;
  const bool tree = config.comm.order_of_sums() == comm::Reduction::tree;
  device::set_gpu_numerics(
      {.tf32 = config.run.precision == "tf32", .deterministic = config.run.deterministic || tree});
  return chosen;
}

/// As messages name it, also before the workers have met; empty for a job of one.
std::string name_of_worker() {
  return comm::started_by_mpi() ? "worker " + std::to_string(comm::rank_by_launcher()) : "";
}

}  // namespace

int main(int argc, char** argv) {
  common::keep_freed_memory();
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then an error of write(2), with a message
  common::ConfigOptions source;
  worker::JobOptions options;
  std::string init;
  std::vector<std::string> freeze;
  bool print_config = false;
  common::CommandLine line(
      "restore-worker",
      "Trains a restorer: one worker of a job. mpirun -np N restore-worker ... starts a job of N "
      "workers; alone it is a job of one.");
  line.add_config(source);
  line.add("--resume", options.resume,
           "auto: go on from the newest valid checkpoint of the run's folder; never: begin "
           "anew; or the directory of a checkpoint")
      .placeholder("auto|never|PATH")
      .show_default();
  line.add("--init", init,
           "fine-tuning: a new run begins with this model file's weights; short for --set "
           "run.init=FILE")
      .placeholder("FILE");
  line.add("--freeze", freeze,
           "weights that stay as they are, such as 'encoder.*' (repeatable); adds to "
           "optimizer.freeze")
      .placeholder("PATTERN")
      .repeatable();
  line.add("--dry-run", options.dry_run,
           "check configuration, store and network, print the configuration and stop");
  line.add("--print-config", print_config, "print the configuration with comments and stop");
  line.footer("SIGUSR1 or SIGTERM: finish the step, save and exit with 85.");
  const std::string name = name_of_worker();
  const auto body = [&] {
    worker::TrainConfig config = read_train_config(source);
    if (!init.empty()) config.run.init = init;
    config.optimizer.freeze.insert(config.optimizer.freeze.end(), freeze.begin(), freeze.end());
    if (print_config) {
      std::printf("%s", common::config_yaml(config, /*with_comments=*/true).c_str());
      return common::kExitDone;
    }
    common::start_log(name);
    const common::StopSignals signals({SIGUSR1, SIGTERM});
    comm::FlightRecorder recorder;
    health::Watchdog watchdog(config.watchdog, comm::rank_by_launcher(),
                              worker::newest_collectives(recorder));
    auto group = comm::open_group(config.comm.backend);
    options.device = choose_device(config, *group);
    group = comm::for_device(std::move(group), config.comm, options.device);
    comm::RecordedGroup logged(*group, recorder);
    return worker::end_all_on_error(logged, [&] {
      return worker::run_job(logged, config, options, signals.token(), watchdog);
    });
  };
  std::function<std::string()> who;
  if (!name.empty()) who = [&] { return name; };
  return line.run(argc, argv, body, who);
}

// restore-worker: one worker of a training job; alone, a job of one.
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include "comm/device_group.h"
#include "comm/flight_recorder.h"
#include "comm/mpi_group.h"
#include "common/config.h"
#include "common/error.h"
#include "common/hardware.h"
#include "common/log.h"
#include "common/signals.h"
#include "health/watchdog.h"
#include "worker/job.h"
#include "worker/process.h"

int main(int argc, char** argv) {
  common::keep_freed_memory();
  worker::JobOptions options;
  common::CommandLine line(
      "restore-worker",
      "Trains a restorer: one worker of a job. mpirun -np N restore-worker ... starts a job of N "
      "workers; alone it is a job of one.");
  options.add_to(line);
  const int rank = comm::rank_by_launcher();
  // In messages, also before the workers have met; a job of one needs no name.
  const std::string name = comm::started_by_mpi() ? "worker " + std::to_string(rank) : "";
  const auto body = [&] {
    const worker::TrainConfig config = options.read_config();
    if (options.print_config) {
      std::printf("%s", common::config_yaml(config, /*with_comments=*/true).c_str());
      return common::kExitDone;
    }
    common::start_log(name);
    const common::StopSignals signals({SIGUSR1, SIGTERM});
    comm::FlightRecorder recorder;
    health::Watchdog watchdog(config.watchdog, rank, worker::newest_collectives(recorder));
    auto group = comm::open_group(config.comm.backend);
    const device::ChosenDevice chosen = worker::choose_device(config, *group);
    group = comm::for_device(std::move(group), config.comm, chosen);
    comm::RecordedGroup recorded(*group, recorder);
    return worker::end_all_on_error(recorded, [&] {
      return worker::run_job(recorded, config, options, chosen, signals.token(), watchdog);
    });
  };
  std::function<std::string()> who;
  if (!name.empty()) who = [&] { return name; };
  return line.run(argc, argv, body, who);
}

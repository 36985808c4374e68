#pragma once

#include <filesystem>
#include <optional>

#include "comm/flight_recorder.h"
#include "comm/group.h"
#include "worker/heartbeat_writer.h"
#include "worker/job_progress.h"
#include "worker/watchdog.h"

namespace worker {

/// What shows others that this worker lives and gets on, and ends the job where it does not. Made
/// before the workers' group and ended after it, since both its start and its end wait for others.
class Liveness {
 public:
  Liveness(const WatchdogConfig& config, int rank)
      : watchdog_(config, progress_, collectives_, rank) {}

  JobProgress& progress() { return progress_; }
  comm::FlightRecorder& collectives() { return collectives_; }

  /// Starts the heartbeats in the run's folder, after begin_heartbeats of one worker.
  void join_run(const std::filesystem::path& run_folder, const comm::Group& group);

 private:
  JobProgress progress_;
  comm::FlightRecorder collectives_;
  Watchdog watchdog_;
  std::optional<HeartbeatWriter> heartbeat_;
};

}  // namespace worker

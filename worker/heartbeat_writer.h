#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "comm/flight_recorder.h"
#include "common/heartbeat.h"
#include "worker/job_progress.h"

namespace worker {

/// The heartbeats of an earlier job go, and the folder for new ones is there. For one worker,
/// before any writes. Throws Error(io).
void begin_heartbeats(const std::filesystem::path& run_folder);

/// What the worker's heartbeat says now; `self` is what stays the same.
common::Heartbeat heartbeat_of(common::Heartbeat self, const JobProgress& progress,
                               const comm::FlightRecorder& collectives);

/// A thread that writes this worker's heartbeat, and once more at its end. A heartbeat that cannot
/// be written, on a disk that is full or away, is warned about once and tried again.
class HeartbeatWriter {
 public:
  static constexpr double kPeriod_s = 0.5;

  /// `progress` and `collectives` must outlive this.
  HeartbeatWriter(std::filesystem::path run_folder, common::Heartbeat self,
                  const JobProgress& progress, const comm::FlightRecorder& collectives);
  ~HeartbeatWriter();
  HeartbeatWriter(const HeartbeatWriter&) = delete;
  HeartbeatWriter& operator=(const HeartbeatWriter&) = delete;

 private:
  void beat_until(const std::stop_token& stop);
  void beat();

  const std::filesystem::path run_folder_;
  common::Heartbeat self_;
  const JobProgress& progress_;
  const comm::FlightRecorder& collectives_;
  bool warned_ = false;
  std::mutex mutex_;  // guards nothing but the sleep of thread_
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace worker

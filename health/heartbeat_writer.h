#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "health/heartbeat.h"
#include "health/job_progress.h"
#include "health/worker_status.h"

namespace health {

/// What a worker's heartbeat says now; `self` holds what stays the same.
Heartbeat heartbeat_of(Heartbeat self, const JobProgress& progress,
                       const std::vector<Collective>& collectives);

/// A thread that writes this worker's heartbeat, and a last one when it is destroyed. If a
/// heartbeat cannot be written, because the disk is full or away, it warns once and tries again.
class HeartbeatWriter {
 public:
  static constexpr double kPeriod_s = 0.5;

  /// `progress` must outlive this.
  HeartbeatWriter(std::filesystem::path run_folder, Heartbeat self, const JobProgress& progress,
                  NewestCollectives collectives);
  ~HeartbeatWriter();

 private:
  void beat_until(const std::stop_token& stop);
  void beat();

  const std::filesystem::path run_folder_;
  Heartbeat self_;
  const JobProgress& progress_;
  const NewestCollectives collectives_;
  bool warned_ = false;
  std::mutex mutex_;  // guards nothing but the sleep of thread_
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: joined before the other members are destroyed
};

}  // namespace health

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "health/worker_status.h"

namespace launcher {

/// When the launcher takes a worker group for hung. In seconds.
struct WatchLimits {
  double heartbeat_timeout_s = 20;  ///< a worker whose beat stays the same for longer is stopped
  double start_s = 600;             ///< for the first heartbeat of every worker
  /// The workers' own deadlines by phase; 0 or absent: none. The workers' watchdogs end a job
  /// first; the launcher does where all workers are this margin past theirs.
  std::map<std::string, double> deadlines_s = {};
  double margin_s = 30;
};

/// Judges a worker group by its heartbeats: who is alive, who is not, and whether it makes
/// progress.
class WorkerGroupWatch {
 public:
  using IsGone = std::function<bool(const health::Heartbeat&)>;

  /// `is_gone` tells whether the process of a heartbeat is known to have ended.
  WorkerGroupWatch(int attempt, int num_workers, WatchLimits limits, double now_s,
                   IsGone is_gone = health::is_gone);

  /// To be called about twice a second.
  void observe(const std::vector<health::Heartbeat>& heartbeats, double now_s);

  /// Why the worker group has to be ended, naming the worker; nothing while all is well.
  std::optional<std::string> hang() const;

  /// "worker 1 (process 7 on a), in phase step after step 12": the one whose process ended first;
  /// empty if none did.
  std::string first_gone() const;

  bool all_seen() const;
  int64_t step() const;          ///< the furthest that a worker came; -1 before the first heartbeat
  bool has_done_a_step() const;  ///< since it was resumed
  const std::vector<health::WorkerStatus>& workers() const { return workers_; }  ///< seen, by rank

 private:
  void leave_out_own_sleep(double now_s);
  void find_first_gone();
  double patience_s(const health::WorkerStatus& worker) const;
  double deadline_s(const std::string& phase) const;
  std::optional<std::string> never_started() const;
  std::optional<std::string> stopped() const;
  std::optional<std::string> all_stuck() const;

  int num_workers_;
  WatchLimits limits_;
  double start_s_, now_s_;
  IsGone is_gone_;
  health::HeartbeatWatch watch_;
  std::vector<health::WorkerStatus> workers_;  // as of now_s_
  std::map<int, int64_t> first_steps_;         // by rank, at the first beat after phase "start"
  std::optional<int> first_gone_;
};

}  // namespace launcher

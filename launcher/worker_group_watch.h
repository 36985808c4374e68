#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/heartbeat.h"

namespace launcher {

using Clock = std::chrono::steady_clock;

/// Seconds after which silence is a failure.
struct WatchLimits {
  double stopped_after_s = 20;  ///< a worker whose beat stays for so long is stopped
  double start_s = 600;         ///< a worker must have given its first sign of life
  /// A worker group whose workers all stay in one phase longer than the workers' own deadline for it, and
  /// this margin, hangs although their watchdogs should have ended it.
  std::map<std::string, double> deadlines_s = {};
  double margin_s = 30;
};

/// One worker as the watch sees it.
struct WorkerSight {
  common::Heartbeat heartbeat;
  double age_s = 0;   ///< since its beat was last seen to move
  bool gone = false;  ///< its process is no more
};

/// Judges a worker group by its heartbeats: who is alive, who is not, and whether it moves. Only the times
/// at which beats are seen to move count, so the machines' clocks need not agree. Heartbeats of
/// other attempts and of ranks that this worker group does not have are passed over.
class WorkerGroupWatch {
 public:
  /// `is_gone` tells whether the process of a heartbeat is known to have ended.
  WorkerGroupWatch(int attempt, int workers, WatchLimits limits, Clock::time_point now,
            std::function<bool(const common::Heartbeat&)> is_gone);

  /// To be called about twice a second.
  void observe(const std::vector<common::Heartbeat>& heartbeats, Clock::time_point now);

  /// Why the worker group has to be ended, naming the worker; nothing while all is well.
  std::optional<std::string> hang() const;

  /// "worker 1 (process 7 on a, in step 12)": the one whose process ended first; empty if none did.
  std::string first_gone() const;

  bool all_seen() const;
  int64_t step() const;          ///< the furthest that a worker came; -1 before the first heartbeat
  bool has_done_a_step() const;  ///< since it was resumed
  std::vector<WorkerSight> workers(Clock::time_point now) const;  ///< those seen, by rank

 private:
  struct Seen {
    common::Heartbeat heartbeat;
    Clock::time_point moved;
    std::optional<int64_t> first_step = {};  ///< at the first beat outside the phase "start"
    bool gone = false;
  };
  void leave_out_own_sleep(Clock::time_point now);
  void find_first_gone();
  double patience_s(const Seen& seen) const;
  std::optional<std::string> never_started() const;
  std::optional<std::string> stopped() const;
  std::optional<std::string> all_stuck() const;

  int attempt_, workers_;
  WatchLimits limits_;
  Clock::time_point start_, now_;
  std::function<bool(const common::Heartbeat&)> is_gone_;
  std::map<int, Seen> seen_;
  std::optional<int> first_gone_;
};

/// "worker 3 (process 123 on a)".
std::string name_of(const common::Heartbeat& heartbeat);

}  // namespace launcher

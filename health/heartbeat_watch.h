#pragma once

#include <map>
#include <vector>

#include "health/worker_status.h"

namespace health {

/// The heartbeats of one worker group, watched over time. Only the times at which a beat was seen
/// to change count, by this process's own steady clock: the machines' clocks need not agree.
class HeartbeatWatch {
 public:
  /// Heartbeats of other attempts and of ranks that the group does not have are ignored.
  HeartbeatWatch(int attempt, int num_workers) : attempt_(attempt), num_workers_(num_workers) {}

  /// To be called about twice a second.
  void observe(const std::vector<Heartbeat>& heartbeats, double now_s);

  /// Silence of the last `seconds` does not count: this process itself did not run.
  void leave_out(double seconds);

  /// True once it has watched for long enough to tell a stopped worker from one that waits.
  bool can_tell(double now_s) const { return began_s_ && now_s - *began_s_ > kSilent_s; }

  std::vector<WorkerStatus> workers(double now_s) const;  ///< those seen, by rank

 private:
  struct Sighting {
    Heartbeat heartbeat;
    double changed_s = 0;
  };
  int attempt_, num_workers_;
  std::map<int, Sighting> sightings_;
  std::optional<double> began_s_;
};

}  // namespace health

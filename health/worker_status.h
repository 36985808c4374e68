#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "health/heartbeat.h"

namespace health {

/// One collective as one worker saw it. Times are seconds of that machine's steady clock.
struct Collective {
  int64_t sequence = 0;  ///< 1 is the worker's first; the same collective has the same everywhere
  std::string kind;      ///< all_reduce, broadcast, all_gather, barrier, make_buffer
  std::string what;      ///< "bucket 3", "7 Double"
  int64_t bytes = 0;
  double entered_s = 0;
  std::optional<double> left_s = {};  ///< none while the worker waits in it
};

/// Returns this worker's newest collectives, the oldest first. Called by any thread at any time.
using NewestCollectives = std::function<std::vector<Collective>()>;

/// "collective 40 (all_reduce of bucket 3, 4096 bytes)".
std::string to_string(const Collective& collective);

/// A worker silent for longer than this counts as lost. More than four beats: a busy machine delays
/// one or two.
constexpr double kSilent_s = 2.2;

/// What others know of one worker.
struct WorkerStatus {
  Heartbeat heartbeat = {};             ///< its newest
  double silent_s = 0;                  ///< how long its beat has not changed
  bool gone = false;                    ///< its process is known to have ended
  std::optional<Collective> last = {};  ///< the last that it entered, if it is known
};

/// Workers that no longer take part: gone, or silent for kSilent_s longer than the one heard last.
/// A worker that is gone after phase `end` has done its work and is not lost.
std::vector<WorkerStatus> lost_workers(const std::vector<WorkerStatus>& workers);

/// Furthest behind first: lost workers, the longest silent first, then those that have entered the
/// fewest collectives.
void sort_by_progress(std::vector<WorkerStatus>& workers);

/// The worker that the others wait for: the first by that order. `workers` is not empty.
const WorkerStatus& furthest_behind(const std::vector<WorkerStatus>& workers);

/// One sentence about a job that hangs, without a full stop: which worker the others wait for. It
/// names workers without a heartbeat, else lost ones, else the furthest behind.
std::string who_is_behind(const std::vector<WorkerStatus>& workers, int num_workers);

/// "worker 1 (process 7 on a) gave no sign of life for 5.0 s, in phase step after step 5: stopped,
/// or its machine is lost".
std::string describe_silence(const WorkerStatus& worker);

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

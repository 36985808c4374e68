#pragma once

#include <optional>
#include <string>
#include <vector>

#include "health/collective.h"
#include "health/heartbeat.h"

namespace health {

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

}  // namespace health

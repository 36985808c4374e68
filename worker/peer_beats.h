#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/heartbeat.h"

namespace worker {

/// Another worker as its heartbeats show it.
struct Peer {
  common::Heartbeat heartbeat;
  double beats_stopped_s = 0;  ///< for how long we have seen no new beat
};

/// The heartbeats of the other workers, watched for a while: that one no longer beats shows only in
/// time, and by no clock but our own.
class PeerBeats {
 public:
  /// More than four beats of HeartbeatWriter: a busy machine delays one or two.
  static constexpr double kStopped_s = 2.2;

  /// Heartbeats of other ranks and of the same attempt count, the rest is of an earlier job.
  void see(const common::Heartbeat& self, const std::vector<common::Heartbeat>& heartbeats,
           double now_s);
  void forget() { *this = {}; }

  /// Long enough to tell a worker that was stopped from one that waits?
  bool can_tell(double now_s) const { return began_s_ >= 0 && now_s - began_s_ > kStopped_s; }

  std::vector<Peer> peers(double now_s) const;  ///< by rank

 private:
  struct Sighting {
    common::Heartbeat heartbeat;
    double first_seen_s = 0;  // this beat
  };
  std::map<int, Sighting> sightings_;
  double began_s_ = -1;
};

/// A sentence that names the worker which the others wait for: one that was never seen, or whose
/// beats have stopped, or else the one that has entered the fewest collectives.
std::string who_is_behind(const common::Heartbeat& self, const std::vector<Peer>& peers);

}  // namespace worker

#include "health/heartbeat_watch.h"

namespace health {

void HeartbeatWatch::observe(const std::vector<Heartbeat>& heartbeats, double now_s) {
  if (!began_s_) began_s_ = now_s;
  for (const Heartbeat& heartbeat : heartbeats) {
    if (heartbeat.attempt != attempt_ || heartbeat.rank >= num_workers_) continue;
    const auto [entry, is_new] = sightings_.try_emplace(heartbeat.rank);
    Sighting& sighting = entry->second;
    const bool changed =
        heartbeat.beat != sighting.heartbeat.beat || heartbeat.pid != sighting.heartbeat.pid;
    if (is_new || changed) sighting.changed_s = now_s;
    sighting.heartbeat = heartbeat;
  }
}

void HeartbeatWatch::leave_out(double seconds) {
  for (auto& [rank, sighting] : sightings_) sighting.changed_s += seconds;
}

std::vector<WorkerStatus> HeartbeatWatch::workers(double now_s) const {
  std::vector<WorkerStatus> workers;
  for (const auto& [rank, sighting] : sightings_)
    workers.push_back({.heartbeat = sighting.heartbeat, .silent_s = now_s - sighting.changed_s});
  return workers;
}

}  // namespace health

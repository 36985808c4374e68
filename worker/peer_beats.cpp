#include "worker/peer_beats.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace worker {
namespace {

using common::Heartbeat;

std::string name_of(const Heartbeat& worker) {
  return fmt::format("worker {} (process {} on {})", worker.rank, worker.pid, worker.host);
}

std::string place_of(const Heartbeat& worker) {
  return fmt::format("phase {} after step {}, {} collectives entered", worker.phase, worker.step,
                     worker.sequence);
}

/// Ranks that have no heartbeat.
std::vector<int> never_seen(const Heartbeat& self, const std::vector<Peer>& peers) {
  std::set<int> seen{self.rank};
  for (const Peer& peer : peers) seen.insert(peer.heartbeat.rank);
  std::vector<int> missing;
  for (int rank = 0; rank < self.num_workers; ++rank) {
    if (!seen.contains(rank)) missing.push_back(rank);
  }
  return missing;
}

std::vector<std::string> stopped(const std::vector<Peer>& peers) {
  std::vector<std::string> names;
  for (const Peer& peer : peers) {
    if (peer.beats_stopped_s < PeerBeats::kStopped_s) continue;
    names.push_back(
        fmt::format("{}, last seen in {},", name_of(peer.heartbeat), place_of(peer.heartbeat)));
  }
  return names;
}

}  // namespace

void PeerBeats::see(const Heartbeat& self, const std::vector<Heartbeat>& heartbeats, double now_s) {
  if (began_s_ < 0) began_s_ = now_s;
  for (const Heartbeat& heartbeat : heartbeats) {
    if (heartbeat.rank == self.rank || heartbeat.rank >= self.num_workers ||
        heartbeat.attempt != self.attempt) {
      continue;
    }
    const auto [sighting, is_new] = sightings_.try_emplace(heartbeat.rank);
    if (is_new || sighting->second.heartbeat.beat != heartbeat.beat) {
      sighting->second = {heartbeat, now_s};
    }
  }
}

std::vector<Peer> PeerBeats::peers(double now_s) const {
  std::vector<Peer> peers;
  for (const auto& [rank, sighting] : sightings_) {
    peers.push_back({sighting.heartbeat, now_s - sighting.first_seen_s});
  }
  return peers;
}

std::string who_is_behind(const Heartbeat& self, const std::vector<Peer>& peers) {
  if (const auto ranks = never_seen(self, peers); !ranks.empty()) {
    return fmt::format("worker {} has no heartbeat: it never started, or cannot write to this disk",
                       fmt::join(ranks, ", "));
  }
  if (const auto names = stopped(peers); !names.empty()) {
    return fmt::format("{} no longer beats: it is stopped, or its machine is gone",
                       fmt::join(names, " and "));
  }
  const Heartbeat* last = &self;
  int64_t furthest = self.sequence;
  for (const Peer& peer : peers) {
    furthest = std::max(furthest, peer.heartbeat.sequence);
    if (peer.heartbeat.sequence < last->sequence) last = &peer.heartbeat;
  }
  if (last->sequence < furthest) {
    return fmt::format("{} is behind, in {}; others have entered {}", name_of(*last),
                       place_of(*last), furthest);
  }
  if (peers.empty()) return fmt::format("{} gets no further, in {}", name_of(self), place_of(self));
  return fmt::format(
      "no worker is behind, this one is in {}: what they share, network or disk, may "
      "have stopped",
      place_of(self));
}

}  // namespace worker

#include "health/worker_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace health {
namespace {

/// Once a job has ended all are silent; how much longer than the others still tells.
double shortest_silence_s(const std::vector<WorkerStatus>& workers) {
  if (workers.empty()) return 0;
  return std::ranges::min_element(workers, {}, &WorkerStatus::silent_s)->silent_s;
}

bool is_lost(const WorkerStatus& worker, double shortest_s) {
  if (worker.gone) return worker.heartbeat.phase != "end";
  return worker.silent_s - shortest_s >= kSilent_s;
}

/// A function that gives each worker a key; the smaller, the further behind.
auto progress_key(const std::vector<WorkerStatus>& workers) {
  return [shortest_s = shortest_silence_s(workers)](const WorkerStatus& worker) {
    const bool lost = is_lost(worker, shortest_s);
    return std::tuple(!lost, lost ? -worker.silent_s : 0.0, worker.heartbeat.sequence,
                      worker.heartbeat.step);
  };
}

std::vector<int> ranks_without_heartbeat(const std::vector<WorkerStatus>& workers,
                                         int num_workers) {
  std::vector<int> missing;
  for (int rank = 0; rank < num_workers; ++rank) {
    const auto has_rank = [&](const WorkerStatus& worker) { return worker.heartbeat.rank == rank; };
    if (std::ranges::none_of(workers, has_rank)) missing.push_back(rank);
  }
  return missing;
}

/// What the worker furthest behind does.
std::string describe_work(const WorkerStatus& worker) {
  const Heartbeat& heartbeat = worker.heartbeat;
  const std::string place = fmt::format("{} for {:.0f} s", place_of(heartbeat), heartbeat.phase_s);
  if (!worker.last) return fmt::format("{}, {} collectives entered", place, heartbeat.sequence);
  return fmt::format("{}, {} {}", place, worker.last->left_s ? "at work after" : "still in",
                     to_string(*worker.last));
}

/// Where the others wait.
std::string describe_others(const std::vector<WorkerStatus>& workers, const WorkerStatus& behind) {
  int64_t furthest = behind.heartbeat.sequence;
  for (const WorkerStatus& worker : workers) {
    if (worker.heartbeat.rank == behind.heartbeat.rank) continue;
    if (worker.last && !worker.last->left_s)
      return "; the others wait for it in " + to_string(*worker.last);
    furthest = std::max(furthest, worker.heartbeat.sequence);
  }
  if (furthest == behind.heartbeat.sequence) return "";
  return fmt::format("; others have entered {}", furthest);
}

}  // namespace

std::string to_string(const Collective& collective) {
  return fmt::format("collective {} ({} of {}, {} bytes)", collective.sequence, collective.kind,
                     collective.what, collective.bytes);
}

std::vector<WorkerStatus> lost_workers(const std::vector<WorkerStatus>& workers) {
  const double shortest_s = shortest_silence_s(workers);
  std::vector<WorkerStatus> lost;
  for (const WorkerStatus& worker : workers) {
    if (is_lost(worker, shortest_s)) lost.push_back(worker);
  }
  return lost;
}

void sort_by_progress(std::vector<WorkerStatus>& workers) {
  std::ranges::stable_sort(workers, {}, progress_key(workers));
}

const WorkerStatus& furthest_behind(const std::vector<WorkerStatus>& workers) {
  return *std::ranges::min_element(workers, {}, progress_key(workers));
}

std::string who_is_behind(const std::vector<WorkerStatus>& workers, int num_workers) {
  if (const auto ranks = ranks_without_heartbeat(workers, num_workers); !ranks.empty()) {
    return fmt::format("worker {} has no heartbeat: it never started, or cannot write to this disk",
                       fmt::join(ranks, ", "));
  }
  const WorkerStatus& behind = furthest_behind(workers);
  if (const auto lost = lost_workers(workers); !lost.empty()) {
    std::vector<std::string> silences;
    for (const WorkerStatus& worker : lost) silences.push_back(describe_silence(worker));
    return fmt::format("{}{}", fmt::join(silences, " and "), describe_others(workers, behind));
  }
  if (num_workers == 1) {
    return fmt::format("{} gets no further, {}", name_of(behind.heartbeat), describe_work(behind));
  }
  const auto is_level = [&](const WorkerStatus& worker) {
    return worker.heartbeat.sequence == behind.heartbeat.sequence;
  };
  if (std::ranges::all_of(workers, is_level)) {
    return fmt::format(
        "no worker is behind, all have entered {}: the network or the disk that they share may "
        "have stopped",
        behind.last ? to_string(*behind.last)
                    : fmt::format("collective {}", behind.heartbeat.sequence));
  }
  return fmt::format("{} is behind: {}{}", name_of(behind.heartbeat), describe_work(behind),
                     describe_others(workers, behind));
}

std::string describe_silence(const WorkerStatus& worker) {
  return fmt::format("{} gave no sign of life for {:.1f} s, {}: {}", name_of(worker.heartbeat),
                     worker.silent_s, place_of(worker.heartbeat),
                     worker.gone ? "its process is gone" : "stopped, or its machine is lost");
}

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

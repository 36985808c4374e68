#include "launcher/worker_group_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace launcher {
namespace {

using common::Heartbeat;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

constexpr double kLooksEvery_s = 5;     // at least; it is called twice a second
constexpr double kMpirunNotices_s = 5;  // it takes 2 to 3 s

/// "in phase data after step 412".
std::string place_of(const Heartbeat& heartbeat) {
  return fmt::format("in phase {} after step {}", heartbeat.phase, heartbeat.step);
}

}  // namespace

std::string name_of(const Heartbeat& heartbeat) {
  return fmt::format("worker {} (process {} on {})", heartbeat.rank, heartbeat.pid, heartbeat.host);
}

WorkerGroupWatch::WorkerGroupWatch(int attempt, int workers, WatchLimits limits, Clock::time_point now,
                     std::function<bool(const Heartbeat&)> is_gone)
    : attempt_(attempt),
      workers_(workers),
      limits_(std::move(limits)),
      start_(now),
      now_(now),
      is_gone_(std::move(is_gone)) {}

void WorkerGroupWatch::observe(const std::vector<Heartbeat>& heartbeats, Clock::time_point now) {
  leave_out_own_sleep(now);
  for (const Heartbeat& heartbeat : heartbeats) {
    if (heartbeat.attempt != attempt_ || heartbeat.rank >= workers_) continue;
    Seen& seen =
        seen_.try_emplace(heartbeat.rank, Seen{.heartbeat = {}, .moved = now}).first->second;
    if (heartbeat.beat != seen.heartbeat.beat || heartbeat.pid != seen.heartbeat.pid)
      seen.moved = now;
    seen.heartbeat = heartbeat;
    if (!seen.first_step && heartbeat.phase != "start") seen.first_step = heartbeat.step;
    seen.gone = is_gone_(heartbeat);
  }
  find_first_gone();
}

/// Where the launcher itself did not run, as in a suspended Slurm job, silence tells nothing.
void WorkerGroupWatch::leave_out_own_sleep(Clock::time_point now) {
  if (seconds(now - now_) > kLooksEvery_s) {
    for (auto& [rank, seen] : seen_) seen.moved += now - now_;
    start_ += now - now_;
  }
  now_ = now;
}

/// Where all are gone at once, nobody can tell who went first.
void WorkerGroupWatch::find_first_gone() {
  if (first_gone_) return;
  const auto is_gone = [](const auto& entry) { return entry.second.gone; };
  const auto gone = std::ranges::find_if(seen_, is_gone);
  if (gone == seen_.end() || std::ranges::all_of(seen_, is_gone)) return;
  if (gone->second.heartbeat.phase != "end") first_gone_ = gone->first;
}

std::optional<std::string> WorkerGroupWatch::hang() const {
  if (auto why = never_started()) return why;
  if (auto why = stopped()) return why;
  return all_stuck();
}

std::optional<std::string> WorkerGroupWatch::never_started() const {
  if (all_seen() || seconds(now_ - start_) <= limits_.start_s) return {};
  std::string missing;
  for (int rank = 0; rank < workers_; ++rank) {
    if (!seen_.contains(rank)) missing += (missing.empty() ? "" : ", ") + std::to_string(rank);
  }
  return fmt::format("no sign of life within {:.0f} s of worker {}", limits_.start_s, missing);
}

std::optional<std::string> WorkerGroupWatch::stopped() const {
  for (const auto& [rank, seen] : seen_) {
    const double age_s = seconds(now_ - seen.moved);
    if (age_s <= patience_s(seen)) continue;
    return fmt::format("{} gave no sign of life for {:.1f} s, {}: {}", name_of(seen.heartbeat),
                       age_s, place_of(seen.heartbeat),
                       seen.gone ? "its process is gone" : "stopped, or its machine is lost");
  }
  return {};
}

double WorkerGroupWatch::patience_s(const Seen& seen) const {
  if (seen.heartbeat.phase == "end") {  // beats no more, and may wait for the others
    const auto deadline = limits_.deadlines_s.find("end");
    const double end_s = deadline == limits_.deadlines_s.end() ? 0 : deadline->second;
    return limits_.stopped_after_s + limits_.margin_s + end_s;
  }
  // That a process is gone is for mpirun to notice first, with its exit code.
  return seen.gone ? std::max(limits_.stopped_after_s, kMpirunNotices_s) : limits_.stopped_after_s;
}

std::optional<std::string> WorkerGroupWatch::all_stuck() const {
  if (seen_.empty() || !all_seen()) return {};
  const auto over_s = [&](const Seen& seen) {
    const auto deadline = limits_.deadlines_s.find(seen.heartbeat.phase);
    if (deadline == limits_.deadlines_s.end() || deadline->second <= 0) return -1.0;
    return seen.heartbeat.phase_s - deadline->second - limits_.margin_s;
  };
  const auto in_time = [&](const auto& entry) { return over_s(entry.second) <= 0; };
  if (std::ranges::any_of(seen_, in_time)) return {};
  const auto behind = [](const auto& entry) {
    return std::pair(entry.second.heartbeat.step, entry.second.heartbeat.sequence);
  };
  const Heartbeat& last = std::ranges::min_element(seen_, {}, behind)->second.heartbeat;
  return fmt::format("all workers are past their deadline; furthest behind is {}, {} for {:.0f} s",
                     name_of(last), place_of(last), last.phase_s);
}

std::string WorkerGroupWatch::first_gone() const {
  if (!first_gone_) return "";
  const Heartbeat& heartbeat = seen_.at(*first_gone_).heartbeat;
  return name_of(heartbeat) + ", " + place_of(heartbeat);
}

bool WorkerGroupWatch::all_seen() const { return static_cast<int>(seen_.size()) == workers_; }

int64_t WorkerGroupWatch::step() const {
  int64_t step = -1;
  for (const auto& [rank, seen] : seen_) step = std::max(step, seen.heartbeat.step);
  return step;
}

bool WorkerGroupWatch::has_done_a_step() const {
  return std::ranges::any_of(seen_, [](const auto& entry) {
    return entry.second.first_step && entry.second.heartbeat.step > *entry.second.first_step;
  });
}

std::vector<WorkerSight> WorkerGroupWatch::workers(Clock::time_point now) const {
  std::vector<WorkerSight> sights;
  for (const auto& [rank, seen] : seen_)
    sights.push_back({seen.heartbeat, seconds(now - seen.moved), seen.gone});
  return sights;
}

}  // namespace launcher

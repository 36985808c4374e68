#include "launcher/worker_group_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace launcher {
namespace {

using health::Heartbeat;
using health::WorkerStatus;

constexpr double kLooksEvery_s = 5;     // at least; it is called twice a second
constexpr double kMpirunNotices_s = 5;  // it takes 2 to 3 s

}  // namespace

WorkerGroupWatch::WorkerGroupWatch(int attempt, int num_workers, WatchLimits limits, double now_s,
                                   IsGone is_gone)
    : num_workers_(num_workers),
      limits_(std::move(limits)),
      start_s_(now_s),
      now_s_(now_s),
      is_gone_(std::move(is_gone)),
      watch_(attempt, num_workers) {}

void WorkerGroupWatch::observe(const std::vector<Heartbeat>& heartbeats, double now_s) {
  leave_out_own_sleep(now_s);
  watch_.observe(heartbeats, now_s);
  workers_ = watch_.workers(now_s);
  for (WorkerStatus& worker : workers_) {
    const Heartbeat& heartbeat = worker.heartbeat;
    worker.gone = is_gone_(heartbeat);
    if (heartbeat.phase != "start") first_steps_.try_emplace(heartbeat.rank, heartbeat.step);
  }
  find_first_gone();
}

/// While the launcher itself did not run, as in a suspended Slurm job, silence means nothing.
void WorkerGroupWatch::leave_out_own_sleep(double now_s) {
  if (now_s - now_s_ > kLooksEvery_s) {
    watch_.leave_out(now_s - now_s_);
    start_s_ += now_s - now_s_;
  }
  now_s_ = now_s;
}

/// If all are gone at once, nobody can tell which was first.
void WorkerGroupWatch::find_first_gone() {
  if (first_gone_ || std::ranges::all_of(workers_, &WorkerStatus::gone)) return;
  const auto gone = std::ranges::find_if(workers_, &WorkerStatus::gone);
  if (gone == workers_.end()) return;
  if (gone->heartbeat.phase != "end") first_gone_ = gone->heartbeat.rank;
}

std::optional<std::string> WorkerGroupWatch::hang() const {
  if (auto why = never_started()) return why;
  if (auto why = stopped()) return why;
  return all_stuck();
}

std::optional<std::string> WorkerGroupWatch::never_started() const {
  if (all_seen() || now_s_ - start_s_ <= limits_.start_s) return {};
  return fmt::format("after {:.0f} s {}", limits_.start_s,
                     health::who_is_behind(workers_, num_workers_));
}

std::optional<std::string> WorkerGroupWatch::stopped() const {
  const auto is_stopped = [&](const WorkerStatus& worker) {
    return worker.silent_s > patience_s(worker);
  };
  const auto worker = std::ranges::find_if(workers_, is_stopped);
  if (worker == workers_.end()) return {};
  return health::describe_silence(*worker);
}

double WorkerGroupWatch::patience_s(const WorkerStatus& worker) const {
  const double timeout_s = limits_.heartbeat_timeout_s;
  // In its last phase a worker stops beating before the others may be ready to end.
  if (worker.heartbeat.phase == "end") return timeout_s + limits_.margin_s + deadline_s("end");
  // mpirun should notice first that a process is gone: it knows the exit code.
  return worker.gone ? std::max(timeout_s, kMpirunNotices_s) : timeout_s;
}

double WorkerGroupWatch::deadline_s(const std::string& phase) const {
  const auto deadline = limits_.deadlines_s.find(phase);
  return deadline == limits_.deadlines_s.end() ? 0 : deadline->second;
}

std::optional<std::string> WorkerGroupWatch::all_stuck() const {
  const auto is_stuck = [&](const WorkerStatus& worker) {
    const double limit_s = deadline_s(worker.heartbeat.phase);
    return limit_s > 0 && worker.heartbeat.phase_s > limit_s + limits_.margin_s;
  };
  if (workers_.empty() || !all_seen() || !std::ranges::all_of(workers_, is_stuck)) return {};
  return "all workers are past their deadline; " + health::who_is_behind(workers_, num_workers_);
}

std::string WorkerGroupWatch::first_gone() const {
  for (const WorkerStatus& worker : workers_) {
    if (worker.heartbeat.rank == first_gone_)
      return name_of(worker.heartbeat) + ", " + place_of(worker.heartbeat);
  }
  return "";
}

bool WorkerGroupWatch::all_seen() const {
  return static_cast<int>(workers_.size()) == num_workers_;
}

int64_t WorkerGroupWatch::step() const {
  int64_t step = -1;
  for (const WorkerStatus& worker : workers_) step = std::max(step, worker.heartbeat.step);
  return step;
}

bool WorkerGroupWatch::has_done_a_step() const {
  return std::ranges::any_of(workers_, [&](const WorkerStatus& worker) {
    const auto first = first_steps_.find(worker.heartbeat.rank);
    return first != first_steps_.end() && worker.heartbeat.step > first->second;
  });
}

}  // namespace launcher

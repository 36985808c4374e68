#include "launcher/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "common/error.h"
#include "launcher/launch_log.h"
#include "launcher/worker_table.h"

namespace launcher {
namespace {

using health::Dump;
using health::WorkerStatus;

WorkerStatus status_of(const Dump& dump) {
  WorkerStatus status{.heartbeat = dump.self};
  if (!dump.collectives.empty()) status.last = dump.collectives.back();
  return status;
}

/// What runs now need not be explained while there are dumps.
int attempt_to_explain(const std::vector<Dump>& dumps,
                       const std::vector<WorkerStatus>& heartbeats) {
  int newest = -1;
  for (const Dump& dump : dumps) newest = std::max(newest, dump.self.attempt);
  if (newest >= 0) return newest;
  for (const WorkerStatus& worker : heartbeats) newest = std::max(newest, worker.heartbeat.attempt);
  return newest;
}

/// Once a job has ended all heartbeats grow old: how much older than the newest one still tells.
double newest_age_s(const std::vector<WorkerStatus>& heartbeats) {
  if (heartbeats.empty()) return 0;
  return std::ranges::min_element(heartbeats, {}, &WorkerStatus::silent_s)->silent_s;
}

/// Adds what another worker saw of one that left no dump.
void add_sighting(const WorkerStatus& seen, std::map<int, WorkerStatus>& by_rank) {
  WorkerStatus& status = by_rank.try_emplace(seen.heartbeat.rank, seen).first->second;
  status.silent_s = std::max(status.silent_s, seen.silent_s);
  if (status.heartbeat.sequence <= seen.heartbeat.sequence) status.heartbeat = seen.heartbeat;
}

std::string row(const WorkerStatus& worker) {
  const health::Heartbeat& heartbeat = worker.heartbeat;
  std::string last = "-";
  if (worker.last) last = (worker.last->left_s ? "left " : "in ") + to_string(*worker.last);
  const std::string since = worker.silent_s > 0 ? fmt::format("silent {:.0f} s", worker.silent_s)
                                                : fmt::format("{:.0f} s", heartbeat.phase_s);
  return fmt::format("{:>6}  {:<16}  {:<10}  {:>12}  {:>9}  {}", heartbeat.rank, heartbeat.host,
                     heartbeat.phase, since, heartbeat.step, last);
}

/// The reason that launch.jsonl gives for the end of this attempt; empty if it has not ended.
std::string recorded_reason(const std::filesystem::path& run_folder, int attempt) {
  std::string reason;
  for (const nlohmann::json& row : LaunchLog::rows(run_folder)) {
    if (row.value("event", "") == "end" && row.value("attempt", -1) == attempt)
      reason = row.value("reason", "");
  }
  return reason;
}

}  // namespace

LastStatus last_status(const std::vector<Dump>& dumps,
                       const std::vector<WorkerStatus>& heartbeats) {
  LastStatus status{.attempt = attempt_to_explain(dumps, heartbeats)};
  const auto is_explained = [&](const health::Heartbeat& of) {
    return of.attempt == status.attempt;
  };
  std::map<int, WorkerStatus> by_rank;
  const double newest_s = newest_age_s(heartbeats);
  for (const WorkerStatus& worker : heartbeats) {
    if (!is_explained(worker.heartbeat)) continue;
    WorkerStatus& added = by_rank[worker.heartbeat.rank] = {.heartbeat = worker.heartbeat};
    added.silent_s = worker.silent_s - newest_s;
  }
  for (const Dump& dump : dumps) {
    if (!is_explained(dump.self)) continue;
    status.dumped = true;
    for (const WorkerStatus& other : dump.others) add_sighting(other, by_rank);
  }
  for (auto& [rank, worker] : by_rank)  // it left no dump, yet it had not been silent
    worker.gone = status.dumped && worker.silent_s < health::kSilent_s;
  for (const Dump& dump : dumps) {
    if (is_explained(dump.self)) by_rank[dump.self.rank] = status_of(dump);
  }
  for (const auto& [rank, worker] : by_rank) status.workers.push_back(worker);
  return status;
}

std::string explain(const LastStatus& status) {
  if (!status.dumped && lost_workers(status.workers).empty()) {
    const health::Heartbeat& last = furthest_behind(status.workers).heartbeat;
    return fmt::format("no deadline has passed; furthest behind is {}, {}", name_of(last),
                       place_of(last));
  }
  return who_is_behind(status.workers, status.workers.front().heartbeat.num_workers);
}

int print_explanation(const std::filesystem::path& run_folder) {
  const LastStatus status = last_status(health::read_dumps(run_folder), workers_of_run(run_folder));
  if (status.workers.empty()) {
    throw common::usage_error(run_folder.string() +
                              " holds neither heartbeats nor dumps: no job has run there; give the "
                              "folder of a run, such as runs/train");
  }
  std::printf("Attempt %d: %s.\n", status.attempt, explain(status).c_str());
  if (const std::string reason = recorded_reason(run_folder, status.attempt); !reason.empty())
    std::printf("The launcher on its end: %s.\n", reason.c_str());
  std::printf("\n%6s  %-16s  %-10s  %12s  %9s  %s\n", "worker", "host", "phase", "for", "step",
              "last collective");
  for (const WorkerStatus& worker : status.workers) std::printf("%s\n", row(worker).c_str());
  return common::kExitDone;
}

}  // namespace launcher

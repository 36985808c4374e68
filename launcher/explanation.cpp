#include "launcher/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "common/error.h"
#include "launcher/launch_log.h"
#include "launcher/worker_table.h"

namespace launcher {
namespace {

using common::Heartbeat;

/// A worker that wrote no dump although others did, and whose heartbeat stood still for so long,
/// did not run at all.
constexpr double kSilent_s = 3;

std::string text_of(const Collective& collective) {
  return fmt::format("collective {} ({} of {}, {} bytes)", collective.sequence, collective.kind,
                     collective.what, collective.bytes);
}

Standing from_heartbeat(const Heartbeat& heartbeat) {
  return {.rank = heartbeat.rank,
          .host = heartbeat.host,
          .step = heartbeat.step,
          .sequence = heartbeat.sequence,
          .phase = heartbeat.phase};
}

Standing from_dump(const Dump& dump) {
  Standing standing{.rank = dump.rank,
                    .host = dump.host,
                    .step = dump.step,
                    .sequence = dump.sequence,
                    .phase = dump.phase,
                    .phase_s = dump.phase_s,
                    .dumped = true};
  if (!dump.collectives.empty()) standing.last = dump.collectives.back();
  return standing;
}

bool is_waiting(const Standing& standing) { return standing.last && !standing.last->left_s; }

/// The collective in which the others wait for `behind`.
std::string what_others_wait_in(const std::vector<Standing>& standings, const Standing& behind) {
  for (const Standing& standing : standings) {
    if (standing.rank != behind.rank && is_waiting(standing))
      return "; the others wait for it in " + text_of(*standing.last);
  }
  return "";
}

/// What the worker furthest behind was doing.
std::string doing(const Standing& behind) {
  const std::string place = fmt::format("in phase {} after step {}", behind.phase, behind.step);
  if (!behind.dumped && behind.silent_s >= kSilent_s) {
    return fmt::format("had stopped: no sign of life for {:.0f} s, last seen {}", behind.silent_s,
                       place);
  }
  if (!behind.dumped) return "was gone before the deadline, last seen " + place;
  if (is_waiting(behind)) {
    return fmt::format("was behind: it was still in {}, {} for {:.0f} s", text_of(*behind.last),
                       place, behind.phase_s);
  }
  const std::string after = behind.last ? ", after " + text_of(*behind.last) : "";
  return fmt::format("was behind: it was at work {} for {:.0f} s{}", place, behind.phase_s, after);
}

std::string row(const Standing& standing) {
  const std::string last = !standing.last         ? "-"
                           : is_waiting(standing) ? "in " + text_of(*standing.last)
                                                  : "left " + text_of(*standing.last);
  const std::string state = standing.dumped ? fmt::format("{:.0f} s", standing.phase_s)
                                            : fmt::format("silent {:.0f} s", standing.silent_s);
  return fmt::format("{:>6}  {:<16}  {:<10}  {:>12}  {:>9}  {}", standing.rank, standing.host,
                     standing.phase, state, standing.step, last);
}

/// The newest that left a dump: what runs now need not be explained. Without dumps, the newest.
int generation_to_explain(const std::vector<Dump>& dumps,
                          const std::vector<WorkerSight>& heartbeats) {
  int newest = -1;
  for (const Dump& dump : dumps) newest = std::max(newest, dump.attempt);
  if (newest >= 0) return newest;
  for (const WorkerSight& sight : heartbeats) newest = std::max(newest, sight.heartbeat.attempt);
  return newest;
}

/// Once a job has ended all heartbeats grow old; how much older than the freshest still tells.
double freshest_age_s(const std::vector<WorkerSight>& heartbeats) {
  if (heartbeats.empty()) return 0;
  return std::ranges::min_element(heartbeats, {}, &WorkerSight::age_s)->age_s;
}

/// A worker that could not dump is known by what others saw of it.
void add_what_was_seen(const OtherWorker& other, std::map<int, Standing>& by_rank) {
  Standing& standing =
      by_rank.try_emplace(other.rank, Standing{.rank = other.rank, .host = "?"}).first->second;
  if (standing.dumped) return;
  standing.silent_s = std::max(standing.silent_s, other.beats_stopped_s);
  if (standing.sequence > other.sequence) return;
  standing.step = other.step;
  standing.sequence = other.sequence;
  standing.phase = other.phase;
}

/// A worker without a dump where others have one; else the one that was silent for longest; else
/// the one with the fewest collectives behind it.
const Standing& furthest_behind(const std::vector<Standing>& standings) {
  const bool any_dump = std::ranges::any_of(standings, &Standing::dumped);
  return *std::ranges::min_element(standings, {}, [&](const Standing& standing) {
    const double silent_s =
        !standing.dumped && standing.silent_s >= kSilent_s ? standing.silent_s : 0;
    return std::tuple(any_dump && standing.dumped, -silent_s, standing.sequence,
                      is_waiting(standing));
  });
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

std::vector<Standing> standings_of(const std::vector<Dump>& dumps,
                                   const std::vector<WorkerSight>& heartbeats) {
  const int attempt = generation_to_explain(dumps, heartbeats);
  std::map<int, Standing> by_rank;
  const double freshest_s = freshest_age_s(heartbeats);
  for (const WorkerSight& sight : heartbeats) {
    if (sight.heartbeat.attempt != attempt) continue;
    by_rank[sight.heartbeat.rank] = from_heartbeat(sight.heartbeat);
    by_rank[sight.heartbeat.rank].silent_s = sight.age_s - freshest_s;
  }
  for (const Dump& dump : dumps) {
    if (dump.attempt == attempt) by_rank[dump.rank] = from_dump(dump);
  }
  for (const Dump& dump : dumps) {
    if (dump.attempt != attempt) continue;
    for (const OtherWorker& other : dump.others) add_what_was_seen(other, by_rank);
  }
  std::vector<Standing> standings;
  for (const auto& [rank, standing] : by_rank) standings.push_back(standing);
  return standings;
}

std::string explain(const std::vector<Standing>& standings) {
  const Standing& behind = furthest_behind(standings);
  const auto waits_with_it = [&](const Standing& standing) {
    return is_waiting(standing) && standing.sequence == behind.sequence;
  };
  if (standings.size() > 1 && std::ranges::all_of(standings, waits_with_it)) {
    return fmt::format("All workers were in the same {}: none was behind, so look at the network.",
                       text_of(*behind.last));
  }
  const bool no_deadline_passed = std::ranges::none_of(standings, &Standing::dumped);
  if (no_deadline_passed && behind.silent_s < kSilent_s) {
    return fmt::format(
        "No deadline has passed; furthest behind is worker {} on {}, in phase {} "
        "after step {}.",
        behind.rank, behind.host, behind.phase, behind.step);
  }
  return fmt::format("Worker {} on {} {}{}.", behind.rank, behind.host, doing(behind),
                     what_others_wait_in(standings, behind));
}

int print_explanation(const std::filesystem::path& run_folder) {
  const auto dumps = read_dumps(run_folder);
  const auto heartbeats = workers_of_run(run_folder);
  const auto standings = standings_of(dumps, heartbeats);
  if (standings.empty()) {
    throw common::Error(common::ErrorKind::usage,
                        run_folder.string() +
                            " holds neither heartbeats nor dumps: no job has run there; give the "
                            "folder of a run, such as runs/train");
  }
  const int attempt = generation_to_explain(dumps, heartbeats);
  std::printf("Attempt %d: %s\n", attempt, explain(standings).c_str());
  if (const std::string reason = recorded_reason(run_folder, attempt); !reason.empty())
    std::printf("The launcher on its end: %s.\n", reason.c_str());
  std::printf("\n%6s  %-16s  %-10s  %12s  %9s  %s\n", "worker", "host", "phase", "for", "step",
              "last collective");
  for (const Standing& standing : standings) std::printf("%s\n", row(standing).c_str());
  return common::kExitDone;
}

}  // namespace launcher

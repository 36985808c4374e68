#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "launcher/dump.h"
#include "launcher/worker_group_watch.h"

namespace launcher {

/// Where one worker stood when its job stopped moving.
struct Standing {
  int rank = 0;
  std::string host;
  int64_t step = 0, sequence = 0;
  std::string phase = {};
  double phase_s = 0;                   ///< 0 if it left no dump
  double silent_s = 0;                  ///< longest that another saw its heartbeat stand still
  std::optional<Collective> last = {};  ///< the last that it entered, if it left a dump
  bool dumped = false;                  ///< its own watchdog still ran
};

/// Every worker of the newest worker group that left dumps, from its own dump, or from what the others'
/// dumps and its last heartbeat tell; of the newest worker group if none did. By rank.
std::vector<Standing> standings_of(const std::vector<Dump>& dumps,
                                   const std::vector<WorkerSight>& heartbeats);

/// One sentence: which worker was behind, and in what. `standings` is not empty.
std::string explain(const std::vector<Standing>& standings);

/// restore-launch --explain: the sentence, what the launcher wrote about the last worker group's end, and a
/// table of the workers. Throws Error(usage) if no job has run in this folder.
int print_explanation(const std::filesystem::path& run_folder);

}  // namespace launcher

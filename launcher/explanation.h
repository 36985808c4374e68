#pragma once

#include <filesystem>
#include <vector>

#include "health/dump.h"

namespace launcher {

/// The workers of one attempt when it stopped making progress, by rank.
struct LastStatus {
  int attempt = -1;  ///< the newest that left dumps; the newest if none did
  bool dumped = false;
  std::vector<health::WorkerStatus> workers = {};
};

/// Takes each worker from its own dump or, if it left none, from what the others' dumps and its
/// last heartbeat (`heartbeats`, of the newest attempt) tell.
LastStatus last_status(const std::vector<health::Dump>& dumps,
                       const std::vector<health::WorkerStatus>& heartbeats);

/// One sentence: which worker was behind, and in what. `status` has workers.
std::string explain(const LastStatus& status);

/// restore-launch --explain: the sentence, what the launcher wrote about the end of the attempt,
/// and a table of the workers. Throws Error(usage) if no job has run in this folder.
int print_explanation(const std::filesystem::path& run_folder);

}  // namespace launcher

// health/: do the workers of a job live and make progress? Used by worker/ and launcher/.
// May include common/.
// Start here: heartbeat.h is what a worker says of itself, worker_status.h says who is behind, and
// watchdog.h ends a job that hangs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace health {

/// A worker's sign of life: RUN/heartbeats/worker-R.json, replaced several times a second by a
/// thread of the worker (docs/run_folder.md). A stopped process no longer replaces it. A worker
/// that waits still does, but its `step`, `sequence` and `phase` stay and `phase_s` grows.
struct Heartbeat {
  int rank = 0;
  int num_workers = 1;
  std::string host = {};
  int64_t pid = 0;
  int attempt = 0;         ///< of the worker group: RESTORE_ATTEMPT, 0 without a launcher
  int64_t step = 0;        ///< steps done
  int64_t sequence = 0;    ///< collectives entered since the start
  std::string phase = {};  ///< start, data, step, validation, save or end
  double phase_s = 0;      ///< seconds in this phase
  double samples_per_s = 0;
  int64_t beat = 0;  ///< counts up, so that a reader needs no common clock
};
void to_json(nlohmann::ordered_json& json, const Heartbeat& heartbeat);
void from_json(const nlohmann::json& json, Heartbeat& heartbeat);

std::filesystem::path heartbeat_path(const std::filesystem::path& run_folder, int rank);

/// Removes the heartbeats of an earlier job and makes the folder for new ones. Only worker 0 calls
/// it, before any worker writes. Throws Error(io).
void clear_heartbeats(const std::filesystem::path& run_folder);

/// Atomic, but without fsync: a heartbeat need not survive the machine. The folder must exist.
/// Throws Error(io).
void write_heartbeat(const std::filesystem::path& run_folder, const Heartbeat& heartbeat);

/// The heartbeats of all workers, by rank. Files that hold none are left out.
std::vector<Heartbeat> read_heartbeats(const std::filesystem::path& run_folder);

/// True if its process ran on this host and has ended.
bool is_gone(const Heartbeat& heartbeat);

std::string name_of(const Heartbeat& heartbeat);   ///< "worker 3 (process 123 on a)"
std::string place_of(const Heartbeat& heartbeat);  ///< "in phase step after step 12"

}  // namespace health

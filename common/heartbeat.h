#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace common {

/// A worker's sign of life: RUN/heartbeats/worker-R.json, replaced several times a second by a
/// thread of the worker (docs/run_folder.md). A process that was stopped no longer renews it; one
/// that waits renews it, while `step`, `sequence` and `phase` stay and `phase_s` grows.
struct Heartbeat {
  int rank = 0;
  int num_workers = 1;
  std::string host;
  int64_t pid = 0;
  int attempt = 0;    ///< of the worker group: RESTORE_ATTEMPT, 0 without a launcher
  int64_t step = 0;      ///< steps done
  int64_t sequence = 0;  ///< collectives entered since the start
  std::string phase;     ///< start, data, step, validation, save or end
  double phase_s = 0;    ///< seconds in this phase
  double samples_per_s = 0;
  int64_t beat = 0;  ///< counts up: who reads needs no common clock
};

std::filesystem::path heartbeat_path(const std::filesystem::path& run_folder, int rank);

/// In one step, without fsync: a heartbeat need not survive the machine. The folder must be there.
/// Throws Error(io).
void write_heartbeat(const std::filesystem::path& run_folder, const Heartbeat& heartbeat);

/// Those of all workers, by rank. What is not there, or is not a heartbeat, is left out.
std::vector<Heartbeat> read_heartbeats(const std::filesystem::path& run_folder);

}  // namespace common

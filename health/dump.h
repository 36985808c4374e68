#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "health/thread_stacks.h"
#include "health/worker_status.h"

namespace health {

/// What a worker's watchdog knew when a deadline had passed: RUN/dumps/worker-R.json
/// (docs/run_folder.md).
struct Dump {
  Heartbeat self = {};
  int64_t deadline_s = 0;  ///< of its own phase, 0: none. Another worker's may have passed
  std::vector<Collective> collectives = {};  ///< the oldest first
  std::vector<ThreadStack> threads = {};     ///< for people
  std::vector<WorkerStatus> others = {};     ///< as their heartbeats showed them
};

std::filesystem::path dump_path(const std::filesystem::path& run_folder, int rank);

/// Throws Error(io).
void write_dump(const std::filesystem::path& run_folder, const Dump& dump);

/// The dumps of a run, by rank. A file that is no dump is named in a warning and left out.
std::vector<Dump> read_dumps(const std::filesystem::path& run_folder);

/// The dumps that an earlier failure left in a run's folder. Workers replace them one by one; those
/// of workers that can no longer write are removed, so that nobody takes two failures for one.
class EarlierDumps {
 public:
  /// As they are now; none of the present failure may be there yet.
  explicit EarlierDumps(const std::filesystem::path& run_folder);

  /// True if this worker has written one since.
  bool replaced(int rank) const;

  void remove_the_rest() const;

 private:
  std::filesystem::path run_folder_;
  std::map<std::filesystem::path, std::filesystem::file_time_type> written_;
};

}  // namespace health

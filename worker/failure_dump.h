#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "comm/flight_recorder.h"
#include "common/heartbeat.h"
#include "worker/peer_beats.h"
#include "worker/thread_stacks.h"

namespace worker {

/// What a worker knows when a deadline has passed.
struct FailureDump {
  common::Heartbeat self;
  int64_t deadline_s =
      0;  ///< of its own phase, 0: none; another worker's may be the one that passed
  std::vector<comm::CollectiveRecord> collectives;
  std::vector<ThreadStack> threads;
  std::vector<Peer> others;
};

std::filesystem::path dump_path(const std::filesystem::path& run_folder, int rank);

/// RUN/dumps/worker-R.json (docs/run_folder.md). Throws Error(io).
void write_dump(const std::filesystem::path& run_folder, const FailureDump& dump);

/// The dumps of an earlier failure that lie in a run's folder: they are replaced one by one, and
/// those of workers that can no longer write are removed, lest the two failures are taken for one.
class EarlierDumps {
 public:
  /// As they are now; none of the present failure may be there yet.
  explicit EarlierDumps(const std::filesystem::path& run_folder);

  /// Has this worker written one since?
  bool replaced(int rank) const;

  void remove_the_rest() const;

 private:
  std::filesystem::path run_folder_;
  std::map<std::filesystem::path, std::filesystem::file_time_type> written_;
};

}  // namespace worker

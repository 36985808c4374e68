#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace launcher {

/// A collective as a worker's ring of the last ones tells it. Seconds are of that worker's steady
/// clock.
struct Collective {
  int64_t sequence = 0;
  std::string kind;  ///< all_reduce, broadcast, ...
  std::string what;  ///< "bucket 3"
  int64_t bytes = 0;
  double entered_s = 0;
  std::optional<double> left_s;  ///< none while the worker is in it
};

/// What a worker saw of another's heartbeats.
struct OtherWorker {
  int rank = 0;
  int64_t step = 0, sequence = 0;
  std::string phase;
  double beats_stopped_s = 0;
};

/// RUN/dumps/worker-R.json: what a worker's watchdog wrote when a deadline had passed
/// (docs/run_folder.md). The stacks are for people and are not read here.
struct Dump {
  int rank = 0, num_workers = 1, attempt = 0;
  std::string host;
  int64_t pid = 0, step = 0, sequence = 0;
  std::string phase;
  double phase_s = 0, deadline_s = 0;
  std::vector<Collective> collectives = {};  ///< the oldest first
  std::vector<OtherWorker> others = {};
};

/// All of a run, by rank. What is no dump is named on stderr and left out.
std::vector<Dump> read_dumps(const std::filesystem::path& run_folder);

}  // namespace launcher

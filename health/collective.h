#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace health {

/// One collective as one worker saw it. Times are seconds of that machine's steady clock.
struct Collective {
  int64_t sequence = 0;  ///< 1 is the worker's first; the same collective has the same everywhere
  std::string kind;      ///< all_reduce, broadcast, all_gather, barrier, make_buffer
  std::string what;      ///< "bucket 3", "7 Double"
  int64_t bytes = 0;
  double entered_s = 0;
  std::optional<double> left_s = {};  ///< none while the worker waits in it
};

/// Returns this worker's newest collectives, the oldest first. Called by any thread at any time.
using NewestCollectives = std::function<std::vector<Collective>()>;

/// "collective 40 (all_reduce of bucket 3, 4096 bytes)".
std::string to_string(const Collective& collective);

}  // namespace health

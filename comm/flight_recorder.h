#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace comm {

/// One collective as one worker saw it. Times are seconds of the machine's steady clock.
struct CollectiveRecord {
  int64_t sequence = 0;  ///< 1 is the worker's first; the same collective has the same everywhere
  std::string kind;      ///< all_reduce, broadcast, all_gather, barrier, make_buffer
  std::string what;      ///< "bucket 3", "7 Double"
  int64_t bytes = 0;
  double entered_s = 0;
  std::optional<double> left_s;  ///< none while this worker waits in it
};

/// The newest collectives of a worker: where it waits, and how far it came compared with others.
/// Written by the threads that communicate; read by any thread at any time, also while one of them
/// waits in a collective forever.
class FlightRecorder {
 public:
  static constexpr size_t kKept = 64;

  /// Notes a collective that begins now and returns its sequence.
  int64_t enter(std::string kind, std::string what, int64_t bytes);
  void leave(int64_t sequence);

  int64_t num_entered() const;  ///< since the start

  /// The last kKept, the oldest first.
  std::vector<CollectiveRecord> newest() const;

 private:
  mutable std::mutex
      mutex_;  // guards both below; held for a few instructions, never in a collective
  int64_t num_entered_ = 0;
  std::deque<CollectiveRecord> records_;  // consecutive sequences
};

}  // namespace comm

#pragma once

#include <chrono>
#include <string>

namespace dataset {

/// What the threads of a run spent their time on, in seconds summed over the threads.
struct WorkTimes {
  double decode_s = 0;  ///< reading and decoding photographs
  double ageing_s = 0;
  double write_s = 0;  ///< cutting, writing and checking shards

  WorkTimes& operator+=(const WorkTimes& other);
};

/// "decoding 31%, ageing 60%, writing 9% of 41.2 s of threads".
std::string shares_text(const WorkTimes& times);

/// Measures one thing after another.
class Stopwatch {
 public:
  /// Seconds since the last lap, or since it was made.
  double lap_s();

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace dataset

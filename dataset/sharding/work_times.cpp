#include "dataset/sharding/work_times.h"

#include <fmt/format.h>

#include <algorithm>

namespace dataset {

WorkTimes& WorkTimes::operator+=(const WorkTimes& other) {
  decode_s += other.decode_s;
  ageing_s += other.ageing_s;
  write_s += other.write_s;
  return *this;
}

std::string shares_text(const WorkTimes& times) {
  const double total = times.decode_s + times.ageing_s + times.write_s;
  const double percent = 100 / std::max(total, 1e-9);
  return fmt::format("decoding {:.0f}%, ageing {:.0f}%, writing {:.0f}% of {:.1f} s of threads",
                     times.decode_s * percent, times.ageing_s * percent, times.write_s * percent,
                     total);
}

double Stopwatch::lap_s() {
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> elapsed = now - last_;
  last_ = now;
  return elapsed.count();
}

}  // namespace dataset

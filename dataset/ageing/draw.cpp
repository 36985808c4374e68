#include "dataset/ageing/draw.h"

#include <cmath>
#include <numbers>

namespace dataset::ageing {

double draw(const common::Range& range, common::KeyedRandom& random) {
  return random.uniform(range.low, range.high);
}

double draw_skewed(const common::Range& range, double skew, common::KeyedRandom& random) {
  return range.low + (range.high - range.low) * std::pow(random.uniform(), skew);
}

int64_t draw_count(const common::Range& range, common::KeyedRandom& random) {
  const auto low = static_cast<int64_t>(range.low), high = static_cast<int64_t>(range.high);
  return low + random.integer(high - low + 1);
}

uint64_t draw_key(common::KeyedRandom& random) {
  const uint64_t high = random.word();
  return (high << 32) | random.word();
}

double draw_angle(common::KeyedRandom& random) { return random.uniform(0, 2 * std::numbers::pi); }

}  // namespace dataset::ageing

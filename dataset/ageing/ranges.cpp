#include "dataset/ageing/ranges.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "common/error.h"

namespace dataset::ageing {

void check_probability(const char* key, double value) {
  if (value >= 0 && value <= 1) return;
  throw common::config_error(fmt::format("{} = {}: expected a probability, 0 to 1", key, value));
}

void check_range(const char* key, const common::Range& range, double lowest, double highest) {
  if (range.low >= lowest && range.low <= range.high && range.high <= highest) return;
  const bool is_value = range.low == range.high;
  throw common::config_error(fmt::format(
      "{} = {}: expected {}{} to {}", key,
      is_value ? fmt::format("{}", range.low) : fmt::format("[{}, {}]", range.low, range.high),
      is_value ? "" : "an interval within ", lowest, highest));
}

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

double draw_angle(common::KeyedRandom& random) { return random.uniform(0, 2 * std::numbers::pi); }

}  // namespace dataset::ageing

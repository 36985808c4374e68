#include "dataset/ageing/limits.h"

#include <fmt/format.h>

#include "common/error.h"

namespace dataset::ageing {

void check_probability(const char* key, double value) {
  if (value >= 0 && value <= 1) return;
  throw common::Error(common::ErrorKind::config,
                      fmt::format("recipe: {} = {}: expected a probability, 0 to 1", key, value));
}

void check_range(const char* key, const common::Range& range, double lowest, double highest) {
  if (range.low >= lowest && range.low <= range.high && range.high <= highest) return;
  throw common::Error(common::ErrorKind::config,
                      fmt::format("recipe: {} = [{}, {}]: expected an interval within {} to {}",
                                  key, range.low, range.high, lowest, highest));
}

}  // namespace dataset::ageing

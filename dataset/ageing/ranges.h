#pragma once

#include <cstdint>

#include "common/config.h"
#include "common/random.h"

namespace dataset::ageing {

/// Throws Error(config) that names the key unless 0 <= value <= 1.
void check_probability(const char* key, double value);

/// Throws Error(config) that names the key unless lowest <= range <= highest.
void check_range(const char* key, const common::Range& range, double lowest, double highest);

/// Uniform in the range.
double draw(const common::Range& range, common::KeyedRandom& random);

/// In the range, low values more often: low + (high - low) u^skew; skew 1 is uniform.
double draw_skewed(const common::Range& range, double skew, common::KeyedRandom& random);

/// A whole number of the range, both ends included.
int64_t draw_count(const common::Range& range, common::KeyedRandom& random);

/// An angle in [0, 2 pi).
double draw_angle(common::KeyedRandom& random);

}  // namespace dataset::ageing

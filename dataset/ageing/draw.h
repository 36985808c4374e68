#pragma once

#include <cstdint>

#include "common/config_fields.h"
#include "common/random.h"

namespace dataset::ageing {

/// Uniform in the range.
double draw(const common::Range& range, common::KeyedRandom& random);

/// In the range, low values more often: low + (high - low) u^skew; skew 1 is uniform.
double draw_skewed(const common::Range& range, double skew, common::KeyedRandom& random);

/// A whole number of the range, both ends included.
int64_t draw_count(const common::Range& range, common::KeyedRandom& random);

/// A key for another generator, such as a noise field.
uint64_t draw_key(common::KeyedRandom& random);

/// An angle in [0, 2 pi).
double draw_angle(common::KeyedRandom& random);

}  // namespace dataset::ageing

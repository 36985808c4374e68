#pragma once

#include <cstddef>
#include <cstdint>

namespace common {

/// Which instructions a kernel may use: those of this processor, or those that all have. The
/// results are the same bits.
enum class Instructions { best, baseline };

/// `count` normal deviates (mean 0, variance 1) of the key; the first n of a longer fill are the
/// fill of n. Largest magnitude 5.4: the radius is drawn with 20 bits.
/// Source: Box and Muller, 1958, over Philox4x32-10 (random.h).
void fill_normal(uint64_t key, float* out, size_t count,
                 Instructions instructions = Instructions::best);

/// values[i] += sigma * deviate i of the key.
void add_normal(uint64_t key, float sigma, float* values, size_t count);

}  // namespace common

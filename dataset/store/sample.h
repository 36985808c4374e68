#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dataset {

/// The arrays of a shard, in the order in which they lie in the file.
enum class ShardArray { clean, aged, damage, origin, xxh3 };
inline constexpr size_t kNumShardArrays = 5;

/// The name of its HDF5 dataset, such as "/clean".
const char* to_string(ShardArray array);

/// Where a patch was cut: number of the photo, of its ageing, and the patch's left top corner.
struct Origin {
  int32_t photo = 0;
  int32_t variant = 0;
  int32_t x = 0;
  int32_t y = 0;
};

/// One patch of P x P pixels, 8 bit; the memory belongs to the caller.
struct Sample {
  const uint8_t* clean;   ///< [3,P,P] sRGB
  const uint8_t* aged;    ///< [P,P] gray levels
  const uint8_t* damage;  ///< [P,P] alpha x 255
  Origin origin;
};

/// XXH3-64 of a sample's clean, aged, damage and origin: one row of /xxh3.
using SampleChecksums = std::array<uint64_t, 4>;
SampleChecksums checksums_of(const Sample& sample, int64_t patch);

}  // namespace dataset

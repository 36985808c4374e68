#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

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

/// Where an array lies: sample i begins at offset + i * sample_bytes of the file.
struct ArrayPlace {
  size_t offset = 0;
  size_t sample_bytes = 0;
};

/// What HDF5 knows about a shard: asked once, then samples are read and written by offset.
struct ShardLayout {
  int64_t samples = 0;
  int64_t patch = 0;
  std::array<ArrayPlace, kNumShardArrays> arrays;
  std::string about;  ///< JSON, see shard_about.h

  const ArrayPlace& place(ShardArray array) const { return arrays[static_cast<size_t>(array)]; }
  size_t offset(ShardArray array, int64_t sample) const {
    return place(array).offset + static_cast<size_t>(sample) * place(array).sample_bytes;
  }
};

/// Makes an HDF5 file with the five arrays, contiguous, their space allocated but not filled.
/// Throws Error(io).
void create_shard_file(const std::filesystem::path& path, int64_t samples, int64_t patch,
                       const std::string& about);

/// Throws Error(io) if the file cannot be read, Error(corrupt) if it is not a whole shard: every
/// array must be there with its type and shape, in one piece, inside the file.
ShardLayout read_shard_file(const std::filesystem::path& path);

}  // namespace dataset

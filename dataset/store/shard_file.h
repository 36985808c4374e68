#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "dataset/store/sample.h"

namespace dataset {

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

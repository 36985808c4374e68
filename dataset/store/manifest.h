#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/store/shard_about.h"

namespace dataset {

/// A shard as store.json lists it.
struct ShardEntry {
  std::string file;
  Split split = Split::train;
  int64_t samples = 0;
  int64_t bytes = 0;  ///< of the file
  uint64_t xxh3 = 0;  ///< of its /xxh3
};

/// store.json: the parts of a store. It is written last: a folder without it is no store yet.
struct Manifest {
  StoreParameters parameters;
  std::vector<ShardEntry> shards;
  std::vector<PhotoRecord> photos;
  uint64_t virtual_xxh3 = 0;  ///< of the file store.h5

  int64_t num_samples(Split split) const;

  /// XXH3-64, as hexadecimal digits, of patch size, shards and sample checksums: two stores with
  /// the same fingerprint hold the same samples in the same order.
  std::string fingerprint() const;
};

/// Atomically. Throws Error(io).
void write_manifest(const std::filesystem::path& folder, const Manifest& manifest);

/// Throws Error(usage) if the folder holds no finished store, Error(config) for another format
/// version, Error(corrupt) if store.json is damaged; each says what to run.
Manifest read_manifest(const std::filesystem::path& folder);

std::filesystem::path manifest_path(const std::filesystem::path& folder);

}  // namespace dataset

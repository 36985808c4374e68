// Store: aged samples on disk, in HDF5 shards listed by store.json (docs/dataset_format.md).
// May include common/ and the rest of dataset/; links HDF5, neither LibTorch nor libvips.
// Start with this header to read; with shard_writer.h to write.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/store/manifest.h"
#include "dataset/store/shard.h"

namespace dataset {

/// A finished store, opened for reading. Shards are trusted input: HDF5 itself parses them.
class Store {
 public:
  /// Opens every shard and compares it with store.json; reads no sample.
  /// Throws Error(usage) if there is no finished store, Error(config) for another format version,
  /// Error(corrupt) if a shard is missing, truncated or not the one that store.json lists.
  explicit Store(const std::filesystem::path& folder);

  int64_t num_samples(Split split) const { return manifest_.num_samples(split); }
  int64_t patch() const { return manifest_.parameters.patch; }
  std::string fingerprint() const { return manifest_.fingerprint(); }
  const StoreParameters& parameters() const { return manifest_.parameters; }
  const std::string& recipe_yaml() const { return manifest_.parameters.recipe; }
  const Manifest& manifest() const { return manifest_; }

  /// Sample `index` of a split, 0 .. num_samples-1, compared with its checksums as Shard::read
  /// does. Shapes: clean [3,P,P] sRGB, aged [P,P], damage [P,P] alpha x 255; 8 bit. Thread-safe.
  /// Throws Error(corrupt) or Error(io).
  void read(Split split, int64_t index, uint8_t* clean, uint8_t* aged, uint8_t* damage) const;

  /// Asks the system to fetch a sample that will be read soon: many of these at once keep a disk
  /// busy where one read after the other would wait for it. Returns at once; thread-safe.
  void will_read(Split split, int64_t index) const;

  Origin origin(Split split, int64_t index) const;

 private:
  struct Place {
    const Shard& shard;
    int64_t index;
  };
  struct OpenShard {
    int64_t end;  ///< samples of the split in the shards up to and with this one
    Shard shard;
  };
  Place place(Split split, int64_t index) const;
  std::vector<OpenShard>& shards(Split split) { return shards_[split == Split::train ? 0 : 1]; }
  Manifest manifest_;
  std::array<std::vector<OpenShard>, 2> shards_;
};

/// Opens the shard and compares it with its entry. Throws Error(corrupt), Error(io).
Shard open_listed_shard(const std::filesystem::path& folder, const ShardEntry& entry);

}  // namespace dataset

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/sharding/photo_catalog.h"
#include "dataset/store/shard_about.h"

namespace dataset {

/// A shard that a command wants: which photos, in which file.
struct PlannedShard {
  std::string file;
  std::vector<CatalogPhoto> photos;
  bool finished = false;  ///< it lies in the store's folder already

  int64_t num_samples() const;
};

/// Photos to shards: each split in the order of the catalog, a fixed number of photos a shard.
std::vector<PlannedShard> plan_shards(const std::vector<CatalogPhoto>& photos);

/// Marks the shards that an earlier run has finished, and takes over what it found out about their
/// photos. A shard that is damaged is named and will be made anew.
/// Throws Error(config) if the folder holds shards of other photos or parameters, saying which.
void find_finished(const std::filesystem::path& folder, const StoreParameters& parameters,
                   std::vector<PlannedShard>& shards);

/// Removes store.json, store.h5, every shard and every temporary file of an earlier store.
void remove_store(const std::filesystem::path& folder);

/// Removes the temporary files that a killed run has left.
void remove_temporary_files(const std::filesystem::path& folder);

}  // namespace dataset

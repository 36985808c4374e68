#pragma once

#include <string>
#include <vector>

#include "dataset/sharding/patches.h"
#include "dataset/sharding/photo_catalog.h"
#include "dataset/sharding/processes.h"

namespace dataset {

/// A shard to make: which photos, in which file.
struct PlannedShard {
  std::string file;
  std::vector<CatalogPhoto> photos;
  bool finished = false;  ///< it lies in the store's folder already

  int64_t num_samples() const;
};

/// Photos to shards: each split in the order of the catalog, a fixed number of photos a shard.
std::vector<PlannedShard> plan_shards(const std::vector<CatalogPhoto>& photos);

/// "21 photos, 640 samples to train on and 64 to validate with; 2 photos skipped".
std::string summary(const std::vector<PlannedShard>& shards);

/// What a run would make.
std::string plan_text(const std::vector<PlannedShard>& shards, int64_t patch);

/// Marks as finished the shards that process 0 has found finished. Returns, on all processes,
/// process 0's `is_whole`: nothing is left to do. Collective.
/// Throws Error(io) if this process sees other photographs than process 0.
bool broadcast_plan(const Processes& processes, bool is_whole, std::vector<PlannedShard>& shards);

/// The shards that this process makes: the unfinished ones are dealt out in turn.
std::vector<PlannedShard> own_shards(const Processes& processes,
                                     const std::vector<PlannedShard>& shards);

/// Gathers on process 0 the photos' records of all processes, and returns the sum of their times.
/// Collective.
WorkTimes gather_records(const Processes& processes, const std::vector<PlannedShard>& made,
                         const WorkTimes& times, std::vector<PlannedShard>& shards);

}  // namespace dataset

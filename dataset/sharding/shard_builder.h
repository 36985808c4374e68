#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "dataset/ageing/recipe.h"
#include "dataset/sharding/patches.h"
#include "dataset/sharding/processes.h"
#include "dataset/sharding/shard_plan.h"

namespace dataset {

/// What a run makes: the same for all shards of the store.
struct StoreSpec {
  std::filesystem::path folder;
  StoreParameters parameters;
  ageing::Recipe recipe;
  ageing::DirtPictures dirt;  ///< for the recipe's textures
  bool strict = false;        ///< a photo that cannot be decoded ends the run
};

/// Calls `step` again and again from several threads, until each has seen it return false (nothing
/// left) or one has thrown; joins them and rethrows the first error.
void run_threads(int64_t num_threads, const std::function<bool()>& step);

/// Makes `shards`, completes the records of their photos and returns what that took. The threads
/// take a photo at a time; the one that ends a shard's last photo checks and names the shard while
/// the others go on. The plan fixes the place of each sample, so the bytes are the same for any
/// number of threads. Process 0 shows its progress.
/// Throws the first thread's error; whole shards stay, the others leave nothing.
WorkTimes build_shards(const StoreSpec& spec, const Processes& processes, int64_t num_threads,
                       std::vector<PlannedShard>& shards);

}  // namespace dataset

#pragma once

#include <filesystem>
#include <vector>

#include "common/files.h"
#include "dataset/sharding/shard_plan.h"

namespace dataset {

/// Marks the shards that an earlier run has finished, and takes their photos' records from them. A
/// damaged shard is named in the log and stays unfinished.
/// Throws Error(config) if the folder holds shards of other photos or parameters, saying which.
void find_finished(const std::filesystem::path& folder, const StoreParameters& parameters,
                   std::vector<PlannedShard>& shards);

/// Holds the folder for this run until it is destroyed. Throws Error(usage) if another
/// restore-shard holds it.
common::FileDescriptor lock_folder(const std::filesystem::path& folder);

/// Removes store.json, store.h5, every shard and every temporary file of an earlier store.
void remove_store(const std::filesystem::path& folder);

/// Removes the temporary files that a killed run has left.
void remove_temporary_files(const std::filesystem::path& folder);

}  // namespace dataset

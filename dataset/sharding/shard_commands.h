// Sharding: from folders of photographs to a store. What restore-shard does, one function each.
// May include common/, imaging/ and the rest of dataset/.
// Start here, then store_maker.cpp; shard_builder.cpp has the threads.
#pragma once

#include <filesystem>
#include <string>

#include "dataset/sharding/processes.h"
#include "dataset/sharding/shard_settings.h"

namespace dataset {

// Each returns the text for the person.

/// Makes the store, or what is missing of it; the text is empty on all processes but the first. The
/// processes share the shards; the bytes are the same for any number of them. With modes.dry_run it
/// only says what it would do. One run at a time may use a folder. Collective.
/// Throws Error(usage) without photographs; Error(config) if the folder holds another store;
/// Error(corrupt) if no photograph can be used, or with settings.strict if one cannot; Error(io).
/// After an error whole shards stay, and the same command continues from them.
std::string make_store(const ShardSettings& settings, const Processes& processes);

/// A description of the store. Throws as Store does.
std::string describe_store(const std::filesystem::path& folder);

/// Reads every byte of a store and compares the checksums; logs a line for each array of each
/// sample, and each shard, that has changed.
/// Throws Error(corrupt) with their number if there are any; otherwise as read_manifest does.
std::string verify_store(const std::filesystem::path& folder);

/// Every value of the recipe as YAML, with comments. Throws as load_recipe does.
std::string recipe_text(const AgeingSettings& ageing);

/// Writes a picture with a row for each of the first photographs: photograph, aged, damage. With
/// fewer photographs than rows they come again, aged differently. Throws as make_store does.
std::string write_contact_sheet(const ShardSettings& settings);

}  // namespace dataset

#pragma once

#include <string>

#include "dataset/ageing/dirt.h"
#include "dataset/ageing/recipe.h"
#include "dataset/sharding/processes.h"
#include "dataset/sharding/shard_settings.h"
#include "dataset/store/shard_about.h"

namespace dataset {

/// What decides the bytes of the store that the settings ask for.
StoreParameters store_parameters(const AgeingSettings& ageing, const ageing::Recipe& recipe,
                                 const ageing::DirtPictures& dirt);

/// Makes the store, or what is missing of it, and returns what to tell the person: on process 0,
/// nothing on the others. The processes deal out the shards; the bytes are the same for any number.
/// With modes.dry_run it only says what it would do. A folder belongs to one such run at a time.
/// Collective.
/// Throws Error(usage) without photographs; Error(config) if the folder holds another store;
/// Error(corrupt) if no photograph can be used, or one cannot and settings.strict; Error(io).
/// After an error whole shards stay and the same command goes on from them.
std::string make_store(const ShardSettings& settings, const Processes& processes);

}  // namespace dataset

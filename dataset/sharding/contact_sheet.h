#pragma once

#include <string>

#include "dataset/sharding/shard_settings.h"

namespace dataset {

/// Every value of the recipe as YAML, with comments. Throws as load_recipe does.
std::string recipe_text(const AgeingSettings& ageing);

/// Writes a picture with a row for each of the first photographs (aged once more in another way
/// when there are fewer photographs than rows): photograph, aged, damage. Returns what to tell the
/// person. Throws as make_store does.
std::string write_contact_sheet(const ShardSettings& settings);

}  // namespace dataset

#pragma once

#include <string>
#include <vector>

#include "dataset/sharding/shard_plan.h"

namespace dataset {

/// "21 photos, 640 samples to train on and 64 to validate with; 2 photos skipped".
std::string summary(const std::vector<PlannedShard>& shards);

/// What a run would make.
std::string plan_text(const std::vector<PlannedShard>& shards, int64_t patch);

}  // namespace dataset

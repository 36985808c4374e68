#pragma once

#include <vector>

#include "dataset/sharding/processes.h"
#include "dataset/sharding/shard_plan.h"
#include "dataset/sharding/work_times.h"

namespace dataset {

/// Marks as finished what process 0 has found finished in the store's folder. True, on all, if
/// process 0 says that the store is whole. Collective.
/// Throws Error(io) if this process sees other photographs than process 0.
bool agree_on_plan(const Processes& processes, bool is_whole, std::vector<PlannedShard>& shards);

/// The shards that are this process's to make: in turn, of those not finished.
std::vector<PlannedShard> deal(const Processes& processes, const std::vector<PlannedShard>& shards);

/// Brings together on process 0 what each found out about its photos, and returns the times of all.
/// Process 0 waits here for the slowest. Collective.
WorkTimes collect(const Processes& processes, const std::vector<PlannedShard>& made,
                  const WorkTimes& times, std::vector<PlannedShard>& shards);

}  // namespace dataset

#pragma once

#include <cstdint>
#include <vector>

#include "checkpoints/run_state.h"
#include "comm/group.h"
#include "dataset/store/store.h"
#include "model/network.h"
#include "worker/early_stopping.h"
#include "worker/records/event_file.h"

namespace worker {

/// Measures a network on the held-out patches, each exactly once. The result's `step` is left 0.
/// The figures are the same at any number of workers: so are the batches, and the values of patches
/// are averaged in the order of the patches.
/// Collective: every worker calls it.
checkpoints::ValidationMetrics validate(comm::Group& group, model::Network& network,
                                        const dataset::Store& store,
                                        const ValidationConfig& config);

/// The first `count` held-out patches, each aged | restored | clean. Not collective.
std::vector<EncodedPicture> sample_pictures(model::Network& network, const dataset::Store& store,
                                            int64_t count);

}  // namespace worker

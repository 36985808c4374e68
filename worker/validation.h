#pragma once

#include <cstdint>
#include <vector>

#include "comm/group.h"
#include "dataset/store/store.h"
#include "model/network.h"
#include "worker/early_stopping.h"
#include "worker/event_file.h"

namespace worker {

/// Judges a network on the held-out patches, each exactly once.
/// The figures are the same at any number of workers: batches are cut before they are dealt out,
/// and the patches' values are averaged in the order of the patches.
/// Collective: every worker calls it.
ValidationResult validate(comm::Group& group, model::Network& network, const dataset::Store& store,
                          const ValidationConfig& config);

/// The first `count` held-out patches, each aged | restored | clean. Not collective.
std::vector<EncodedPicture> sample_pictures(model::Network& network, const dataset::Store& store,
                                            int64_t count);

}  // namespace worker

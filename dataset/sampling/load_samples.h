#pragma once

#include <cstdint>

#include "dataset/sampling/batch.h"
#include "dataset/sampling/sample_view.h"
#include "dataset/store/store.h"

namespace dataset {

/// The training samples number first_sample .. first_sample+count-1 of the whole job. Sample s
/// belongs to epoch s / num_samples, whose order is a keyed bijection (sample_order.h). Its crop
/// and turn, and the noise of a store with awgn_sigma, are drawn from the seed and s, so they
/// differ in each epoch. A pure function: the worker that calls it and earlier calls do not matter.
/// Shapes: H = W = config.crop.
/// Throws Error(config) if the crop exceeds the patch; Error(usage) if the store has no training
/// samples; Error(corrupt) or Error(io) from the store.
Batch load_samples(const Store& store, const SamplingConfig& config, uint64_t seed,
                   int64_t first_sample, int64_t count,
                   std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

/// Asks the system to fetch the samples that load_samples will read with the same seed. Returns at
/// once. A store without training samples has nothing to fetch.
void announce_samples(const Store& store, uint64_t seed, int64_t first_sample, int64_t count);

/// The validation samples first .. first+count-1: whole patches in the order of the store, the
/// noise of each always the same. Throws Error(usage) if there are not that many; Error(corrupt) or
/// Error(io) from the store.
Batch load_validation(const Store& store, int64_t first, int64_t count,
                      std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

}  // namespace dataset

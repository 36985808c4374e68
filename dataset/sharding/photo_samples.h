#pragma once

#include <cstdint>

#include "dataset/ageing/age_photo.h"
#include "dataset/sharding/photo_catalog.h"
#include "dataset/sharding/work_times.h"
#include "dataset/store/shard_writer.h"

namespace dataset {

/// Decodes one photo, ages the whole of it `variants` times, cuts each into patches and writes
/// them: variant by variant, row by row, from `first_sample` of the shard on. Returns what that
/// took.
/// Throws Error(corrupt) if the photo cannot be decoded, Error(io) if the shard cannot be written.
WorkTimes write_photo_samples(const CatalogPhoto& photo, const StoreParameters& parameters,
                              const ageing::Recipe& recipe, const ageing::DirtPictures& dirt,
                              ShardWriter& writer, int64_t first_sample);

}  // namespace dataset

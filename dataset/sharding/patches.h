#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset/ageing/age_photo.h"
#include "dataset/sharding/photo_catalog.h"
#include "dataset/store/shard_writer.h"

namespace dataset {

/// Left top corner of a patch, in pixels.
struct PatchPlace {
  int x = 0;
  int y = 0;
};

/// The fewest patches that cover the picture, spread evenly, row by row. Neighbours overlap where
/// the picture is not a multiple of the patch. Empty if the picture is smaller than a patch.
std::vector<PatchPlace> patch_grid(int width, int height, int patch);

/// Copies the patch of each plane: `planes` [num_planes,height,width] to `out`
/// [num_planes,patch,patch].
void cut_patch(const uint8_t* planes, int num_planes, int width, int height, PatchPlace place,
               int patch, uint8_t* out);

/// What the threads of a run spent their time on, in seconds summed over the threads.
struct WorkTimes {
  double decode_s = 0;  ///< reading and decoding photographs
  double ageing_s = 0;
  double write_s = 0;  ///< cutting, writing and checking shards

  WorkTimes& operator+=(const WorkTimes& other);
};

/// "decoding 31%, ageing 60%, writing 9% of 41.2 s of threads".
std::string shares_text(const WorkTimes& times);

/// Measures consecutive steps.
class Stopwatch {
 public:
  /// Seconds since the last lap, or since it was made.
  double lap_s();

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Decodes one photo, ages the whole of it `variants` times, cuts each result into patches and
/// writes them: variant by variant, row by row, from `first_sample` of the shard on.
/// Throws Error(corrupt) if the photo cannot be decoded, Error(io) if the shard cannot be written.
WorkTimes write_photo_samples(const CatalogPhoto& photo, const StoreParameters& parameters,
                              const ageing::Recipe& recipe, const ageing::DirtPictures& dirt,
                              ShardWriter& writer, int64_t first_sample);

}  // namespace dataset

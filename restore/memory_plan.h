#pragma once

#include "restore/tiling.h"

namespace restore {

/// What a picture needs beside its tiles.
struct BandNeeds {
  int64_t height = 0, width = 0;
  int64_t bytes_a_pixel = 0;  ///< of a band as high as a tile: layers and samples
  int64_t held_bytes = 0;     ///< what decoder and encoder hold of the whole picture
};

/// The largest tiles with which a picture is restored in `memory_bytes`; a small picture is not cut
/// where that is possible. Throws Error(usage) if the memory is not enough for the smallest tiles.
Tiling tiling_for(const BandNeeds& needs, int64_t memory_bytes, int64_t overlap, int64_t multiple);

}  // namespace restore

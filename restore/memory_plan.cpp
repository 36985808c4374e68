#include "restore/memory_plan.h"

#include <algorithm>
#include <cmath>

#include "common/error.h"

namespace restore {
namespace {

// Measured by benches/restoring_files/memory: a program that has loaded LibTorch and a model, and
// what the network needs for a pixel of a tile (docs/restoring.md).
constexpr int64_t kProgramBytes = int64_t{420} << 20;
constexpr int64_t kBytesATilePixel = 500;
// Larger tiles compute less twice; what that saves is little from here on.
constexpr int64_t kLargestTile = 1'600'000, kSmallestSide = 128;

int64_t bytes_with(const BandNeeds& needs, const TileGrid& grid) {
  const int64_t height = grid.rows.front().size, width = grid.columns.front().size;
  return kProgramBytes + needs.held_bytes + height * width * kBytesATilePixel +
         std::min(height, needs.height) * needs.width * needs.bytes_a_pixel;
}

}  // namespace

Tiling tiling_for(const BandNeeds& needs, int64_t memory_bytes, int64_t overlap, int64_t multiple) {
  Tiling tiling{.tile = 0, .overlap = overlap, .whole_pixels = kLargestTile};
  tiling.tile = static_cast<int64_t>(std::sqrt(static_cast<double>(kLargestTile)));
  int64_t bytes = 0;
  for (; tiling.tile >= kSmallestSide; tiling.tile = tiling.tile * 9 / 10) {
    tiling.overlap = std::min(overlap, tiling.tile / 2);
    bytes = bytes_with(needs, tile_grid(needs.height, needs.width, tiling, multiple));
    if (bytes <= memory_bytes) return tiling;
    tiling.whole_pixels = 0;
  }
  throw common::Error(common::ErrorKind::usage,
                      "a picture of " + std::to_string(needs.width) + "x" +
                          std::to_string(needs.height) + " pixels takes at least " +
                          std::to_string((bytes >> 20) + 1) + " MiB: give more with --memory");
}

}  // namespace restore

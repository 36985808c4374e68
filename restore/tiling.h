#pragma once

#include <cstdint>
#include <vector>

#include "imaging/plane.h"

namespace restore {

/// How a picture is cut for the network, whose memory grows with what it is given at once.
struct Tiling {
  int64_t tile = 512;                ///< pixels of a tile's side, at most
  int64_t overlap = 64;              ///< pixels that neighbours share, at least
  int64_t whole_pixels = 2'000'000;  ///< pictures of up to so many pixels are not cut

  /// Throws Error(usage) for a tile under 64 pixels or an overlap of more than half a tile.
  void validate() const;
};

/// An even grid: all tiles of one picture have the same size, neighbours overlap. Tiles begin at
/// multiples of what the network wants, so that it sees each pixel as in the whole picture.
struct TileGrid {
  std::vector<imaging::Span> rows, columns;
  int64_t overlap = 0;
  int64_t num_tiles() const { return static_cast<int64_t>(rows.size() * columns.size()); }
};

/// Tiles whose beginnings and sides are multiples of `multiple`. They cover the picture; the last
/// ones may reach over its right and lower border.
TileGrid tile_grid(int64_t height, int64_t width, const Tiling& tiling, int64_t multiple);

/// For each span the weights of its positions. At every position of the picture the weights of all
/// spans sum to one; the outer quarter of an overlap, where a tile lacks its surroundings, has
/// none.
std::vector<std::vector<float>> blend_weights(const std::vector<imaging::Span>& spans, int64_t overlap);

}  // namespace restore

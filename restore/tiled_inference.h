#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "imaging/plane.h"

namespace restore {

inline int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// How a picture is cut for the network, whose memory grows with what it is given at once.
struct Tiling {
  int64_t tile = 512;                ///< pixels of a tile's side, at most
  int64_t overlap = 64;              ///< pixels that neighbours share, at least
  int64_t whole_pixels = 2'000'000;  ///< pictures of up to so many pixels are not cut

  /// Throws Error(usage) for a tile under 64 pixels or an overlap of more than half a tile.
  void validate() const;
};

/// What a picture needs beside the network's memory.
struct MemoryNeeds {
  std::string picture;  ///< its name, for the message
  int64_t height = 0, width = 0;
  int64_t bytes_per_pixel = 0;  ///< of a band as high as a tile: layers and samples
  int64_t held_bytes = 0;       ///< what decoder and encoder hold of the whole picture
};

/// The largest tiles with which a picture is restored in `memory_bytes`. A small picture is not cut
/// where that is possible. Throws Error(usage) if the memory is not enough for the smallest tiles.
Tiling tiling_for(const MemoryNeeds& needs, int64_t memory_bytes, int64_t overlap,
                  int64_t multiple);

/// An even grid: all tiles of a picture have the same size and neighbours overlap. They begin at
/// multiples of what the network wants, so that it sees each pixel as in the whole picture.
struct TileGrid {
  std::vector<imaging::Span> rows, columns;
  int64_t overlap = 0;
  int64_t num_tiles() const { return static_cast<int64_t>(rows.size() * columns.size()); }
};

/// Tiles that cover the picture; their sides are multiples of `multiple`. The last ones may reach
/// over its right and lower border.
TileGrid tile_grid(int64_t height, int64_t width, const Tiling& tiling, int64_t multiple);

/// For each span the weights of its positions. At every position of the picture the weights of all
/// spans sum to one. In the outer quarter of an overlap, where a tile lacks its surroundings, a
/// span has no weight.
std::vector<std::vector<float>> blend_weights(const std::vector<imaging::Span>& spans,
                                              int64_t overlap);

/// Restores a picture a row of tiles at a time, from the top: what it keeps is as high as a tile.
/// A picture here is layers, planes of equal size: those that come in (luma and what is known of
/// it) and those that go out, blended where tiles overlap.
class TiledInference {
 public:
  using Layers = std::vector<imaging::Plane>;
  /// Writes the next row into each incoming layer; called once for each row, from the first on.
  using ReadRow = std::function<void(const std::vector<float*>& layers)>;
  /// The outgoing layers of the tile at `rows` and `columns`; how many, the first tile decides.
  using RestoreTile =
      std::function<Layers(const Layers& tile, imaging::Span rows, imaging::Span columns)>;

  /// `num_layers` come in. No tile is begun after a stop.
  TiledInference(int64_t height, int64_t width, size_t num_layers, const TileGrid& grid,
                 ReadRow read_row, RestoreTile restore_tile, std::stop_token stop = {});

  /// The next rows that no later tile changes, valid until the next call. None (of height 0) after
  /// the last, and after a stop.
  struct Band {
    int64_t top = 0, height = 0;
    const Layers* layers = nullptr;  ///< row 0 is the picture's row `top`
  };
  Band next();

 private:
  int64_t band_height() const;
  void move_on();
  void read_rows(imaging::Span rows);
  void restore_row_of_tiles();

  int64_t height_, width_;
  TileGrid grid_;
  ReadRow read_row_;
  RestoreTile restore_tile_;
  std::stop_token stop_;
  std::vector<std::vector<float>> row_weights_, column_weights_;
  Layers in_, out_;  // rows from top_ on
  int64_t top_ = 0, num_read_ = 0;
  size_t next_row_of_tiles_ = 0;
};

}  // namespace restore

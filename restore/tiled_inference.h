#pragma once

#include <functional>
#include <vector>

#include "imaging/plane.h"
#include "restore/tiling.h"

namespace restore {

/// Goes over a picture a row of tiles at a time, from the top: what it keeps is as high as a tile,
/// however high the picture is. Pictures here are layers, planes of equal size: what comes in (luma
/// and what is known of it) and what goes out (what a tile was turned into), blended where tiles
/// overlap.
class TiledInference {
 public:
  /// Writes row `y` of each incoming layer; called once for each row, from the first to the last.
  using ReadRow = std::function<void(int64_t y, const std::vector<float*>& layers)>;
  /// Turns the incoming layers of the tile that lies at `rows` and `columns` into the outgoing
  /// ones.
  using RestoreTile =
      std::function<std::vector<imaging::Plane>(const std::vector<imaging::Plane>& layers, imaging::Span rows, imaging::Span columns)>;

  struct Shape {
    int64_t height = 0, width = 0;
    size_t incoming = 1;  ///< layers; how many go out is what the first tile gives
  };

  TiledInference(const Shape& shape, const TileGrid& grid, ReadRow read_row, RestoreTile restore_tile);

  /// The next rows that no later tile changes; none after the last. Valid until the next call.
  struct Band {
    int64_t top = 0, height = 0;
    const std::vector<imaging::Plane>* layers = nullptr;  ///< row 0 is the picture's row `top`
  };
  Band next();

 private:
  int64_t band_height() const;
  void move_on();
  void read_rows(imaging::Span rows);
  void restore_row_of_tiles();

  Shape shape_;
  TileGrid grid_;
  ReadRow read_row_;
  RestoreTile restore_tile_;
  std::vector<std::vector<float>> row_weights_, column_weights_;
  std::vector<imaging::Plane> in_, out_;  // rows from top_ on
  int64_t top_ = 0, num_read_ = 0;
  size_t next_row_of_tiles_ = 0;
};

}  // namespace restore

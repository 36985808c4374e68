#include "restore/tiled_inference.h"

#include <algorithm>

namespace restore {
namespace {

/// Where a tile lies in a band, and how much each of its rows and columns counts there.
struct TilePlace {
  int64_t top, left;
  const std::vector<float>& row_weights;
  const std::vector<float>& column_weights;
};

/// Adds `tile`, weighted; what lies outside the picture is left out.
void add_weighted(const imaging::Plane& tile, const TilePlace& place, int64_t rows_left, imaging::Plane& sum) {
  const int64_t height = std::min(tile.height, rows_left);
  const int64_t width = std::min(tile.width, sum.width - place.left);
  for (int64_t y = 0; y < height; ++y) {
    const float* from = tile.row(y);
    float* to = sum.row(place.top + y) + place.left;
    const float row_weight = place.row_weights[static_cast<size_t>(y)];
    const float* weights = place.column_weights.data();
    for (int64_t x = 0; x < width; ++x) to[x] += row_weight * weights[x] * from[x];
  }
}

/// Moves the rows from `first` on to the top; the rest is 0 afterwards.
void shift_up(imaging::Plane& plane, int64_t first) {
  const auto kept = std::copy(plane.values.begin() + first * plane.width, plane.values.end(),
                              plane.values.begin());
  std::fill(kept, plane.values.end(), 0.0F);
}

}  // namespace

TiledInference::TiledInference(const Shape& shape, const TileGrid& grid, ReadRow read_row,
                     RestoreTile restore_tile)
    : shape_(shape),
      grid_(grid),
      read_row_(std::move(read_row)),
      restore_tile_(std::move(restore_tile)),
      row_weights_(blend_weights(grid.rows, grid.overlap)),
      column_weights_(blend_weights(grid.columns, grid.overlap)) {
  in_.assign(shape.incoming, imaging::Plane(band_height(), shape.width));
}

int64_t TiledInference::band_height() const { return std::min(grid_.rows.front().size, shape_.height); }

void TiledInference::move_on() {
  const int64_t top = grid_.rows[next_row_of_tiles_].begin;
  for (imaging::Plane& plane : in_) shift_up(plane, top - top_);
  for (imaging::Plane& plane : out_) shift_up(plane, top - top_);
  top_ = top;
}

void TiledInference::read_rows(imaging::Span rows) {
  const int64_t end = std::min(rows.begin + rows.size, shape_.height);
  std::vector<float*> layers(in_.size());
  for (; num_read_ < end; ++num_read_) {
    for (size_t i = 0; i < in_.size(); ++i) layers[i] = in_[i].row(num_read_ - top_);
    read_row_(num_read_, layers);
  }
}

void TiledInference::restore_row_of_tiles() {
  const imaging::Span rows = grid_.rows[next_row_of_tiles_];
  const int64_t height = std::min(rows.size, shape_.height - rows.begin);
  std::vector<imaging::Plane> tile(in_.size());
  for (size_t j = 0; j < grid_.columns.size(); ++j) {
    const imaging::Span columns = grid_.columns[j];
    // Rows below the picture mirror those above: the band is cut where the picture ends.
    for (size_t i = 0; i < in_.size(); ++i) {
      tile[i] = imaging::crop_with_reflection(in_[i], height, {0, rows.size}, columns);
    }
    const std::vector<imaging::Plane> treated = restore_tile_(tile, rows, columns);
    out_.resize(treated.size(), imaging::Plane(band_height(), shape_.width));
    const TilePlace place{0, columns.begin, row_weights_[next_row_of_tiles_], column_weights_[j]};
    for (size_t i = 0; i < out_.size(); ++i) add_weighted(treated[i], place, height, out_[i]);
  }
}

TiledInference::Band TiledInference::next() {
  if (next_row_of_tiles_ == grid_.rows.size()) return {};
  move_on();
  read_rows(grid_.rows[next_row_of_tiles_]);
  restore_row_of_tiles();
  ++next_row_of_tiles_;
  const int64_t end =
      next_row_of_tiles_ < grid_.rows.size() ? grid_.rows[next_row_of_tiles_].begin : shape_.height;
  return {top_, end - top_, &out_};
}

}  // namespace restore

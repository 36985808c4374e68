#include "restore/tiled_inference.h"

#include <algorithm>
#include <cmath>

#include "common/error.h"

namespace restore {
namespace {

constexpr int64_t kSmallestTile = 64;

// Measured by benches/restoring_files/memory: a program that has loaded LibTorch and a model, and
// what the network needs for a pixel of a tile (docs/restoring.md).
constexpr int64_t kProgramBytes = int64_t{420} << 20;
constexpr int64_t kBytesPerTilePixel = 500;
// Larger tiles compute less twice; what that saves is little from here on.
constexpr int64_t kLargestTile = 1'600'000, kSmallestSide = 128;

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

std::vector<imaging::Span> even_spans(int64_t length, int64_t tile, int64_t overlap,
                                      int64_t multiple) {
  const int64_t padded = round_up(length, multiple);
  tile = std::max(tile / multiple * multiple, multiple);
  if (tile >= padded) return {{0, padded}};
  overlap = std::min(overlap, tile / 2 / multiple * multiple);
  const int64_t count = ceil_div(padded - overlap, tile - overlap);
  const int64_t size = round_up(ceil_div(padded + (count - 1) * overlap, count), multiple);
  std::vector<imaging::Span> spans;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t begin = i * (padded - size) / (count - 1);
    spans.push_back({begin / multiple * multiple, size});
  }
  return spans;
}

/// 0 in the outer quarter of the overlap, 1 from the inner quarter on, a smooth step between.
/// `depth` counts pixels from the tile's end, 0 the first.
double edge_weight(int64_t depth, int64_t overlap) {
  if (depth >= overlap) return 1;
  const double dead = static_cast<double>(overlap) / 4;
  const double t = std::clamp((static_cast<double>(depth) + 0.5 - dead) / (2 * dead), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

int64_t bytes_with(const MemoryNeeds& needs, const TileGrid& grid) {
  const int64_t height = grid.rows.front().size, width = grid.columns.front().size;
  return kProgramBytes + needs.held_bytes + height * width * kBytesPerTilePixel +
         std::min(height, needs.height) * needs.width * needs.bytes_per_pixel;
}

/// Where a tile lies in a band, and how much each of its rows and columns counts there.
struct TilePlace {
  int64_t top, left;
  const std::vector<float>& row_weights;
  const std::vector<float>& column_weights;
};

/// Adds `tile`, weighted; what lies outside the picture is left out.
void add_weighted(const imaging::Plane& tile, const TilePlace& place, int64_t rows_left,
                  imaging::Plane& sum) {
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

void Tiling::validate() const {
  if (tile < kSmallestTile) {
    throw common::usage_error("--tile " + std::to_string(tile) + ": a tile has at least " +
                              std::to_string(kSmallestTile) + " pixels a side");
  }
  if (overlap < 0 || overlap > tile / 2) {
    throw common::usage_error("--overlap " + std::to_string(overlap) +
                              ": must be 0 to half the tile (" + std::to_string(tile / 2) +
                              " for --tile " + std::to_string(tile) + "); add --overlap " +
                              std::to_string(tile / 2) + ", or less");
  }
}

Tiling tiling_for(const MemoryNeeds& needs, int64_t memory_bytes, int64_t overlap,
                  int64_t multiple) {
  Tiling tiling{.tile = 0, .overlap = overlap, .whole_pixels = kLargestTile};
  tiling.tile = static_cast<int64_t>(std::sqrt(static_cast<double>(kLargestTile)));
  int64_t bytes = 0;
  for (; tiling.tile >= kSmallestSide; tiling.tile = tiling.tile * 9 / 10) {
    tiling.overlap = std::min(overlap, tiling.tile / 2);
    bytes = bytes_with(needs, tile_grid(needs.height, needs.width, tiling, multiple));
    if (bytes <= memory_bytes) return tiling;
    tiling.whole_pixels = 0;
  }
  throw common::usage_error(needs.picture + ": a picture of " + std::to_string(needs.width) + "x" +
                            std::to_string(needs.height) + " pixels takes at least " +
                            std::to_string((bytes >> 20) + 1) +
                            " MiB: give more with --memory, or fewer --jobs");
}

TileGrid tile_grid(int64_t height, int64_t width, const Tiling& tiling, int64_t multiple) {
  if (height * width <= tiling.whole_pixels) {
    return {{{0, round_up(height, multiple)}}, {{0, round_up(width, multiple)}}, tiling.overlap};
  }
  const int64_t overlap = round_up(tiling.overlap, multiple);
  return {even_spans(height, tiling.tile, overlap, multiple),
          even_spans(width, tiling.tile, overlap, multiple), tiling.overlap};
}

std::vector<std::vector<float>> blend_weights(const std::vector<imaging::Span>& spans,
                                              int64_t overlap) {
  const int64_t length = spans.back().begin + spans.back().size;
  std::vector<double> sum(static_cast<size_t>(length));
  std::vector<std::vector<double>> raw;
  for (size_t i = 0; i < spans.size(); ++i) {
    raw.emplace_back(static_cast<size_t>(spans[i].size));
    for (int64_t k = 0; k < spans[i].size; ++k) {
      const double left = i == 0 ? 1 : edge_weight(k, overlap);
      const double right = i + 1 == spans.size() ? 1 : edge_weight(spans[i].size - 1 - k, overlap);
      raw[i][static_cast<size_t>(k)] = left * right;
      sum[static_cast<size_t>(spans[i].begin + k)] += left * right;
    }
  }
  std::vector<std::vector<float>> weights;
  for (size_t i = 0; i < spans.size(); ++i) {
    auto& normalised = weights.emplace_back(raw[i].size());
    for (size_t k = 0; k < raw[i].size(); ++k) {
      normalised[k] = static_cast<float>(raw[i][k] / sum[static_cast<size_t>(spans[i].begin) + k]);
    }
  }
  return weights;
}

TiledInference::TiledInference(int64_t height, int64_t width, size_t num_layers,
                               const TileGrid& grid, ReadRow read_row, RestoreTile restore_tile,
                               std::stop_token stop)
    : height_(height),
      width_(width),
      grid_(grid),
      read_row_(std::move(read_row)),
      restore_tile_(std::move(restore_tile)),
      stop_(std::move(stop)),
      row_weights_(blend_weights(grid.rows, grid.overlap)),
      column_weights_(blend_weights(grid.columns, grid.overlap)) {
  in_.assign(num_layers, imaging::Plane(band_height(), width));
}

int64_t TiledInference::band_height() const { return std::min(grid_.rows.front().size, height_); }

void TiledInference::move_on() {
  const int64_t top = grid_.rows[next_row_of_tiles_].begin;
  for (imaging::Plane& plane : in_) shift_up(plane, top - top_);
  for (imaging::Plane& plane : out_) shift_up(plane, top - top_);
  top_ = top;
}

void TiledInference::read_rows(imaging::Span rows) {
  const int64_t end = std::min(rows.begin + rows.size, height_);
  std::vector<float*> layers(in_.size());
  for (; num_read_ < end; ++num_read_) {
    for (size_t i = 0; i < in_.size(); ++i) layers[i] = in_[i].row(num_read_ - top_);
    read_row_(layers);
  }
}

void TiledInference::restore_row_of_tiles() {
  const imaging::Span rows = grid_.rows[next_row_of_tiles_];
  const int64_t height = std::min(rows.size, height_ - rows.begin);
  Layers tile(in_.size());
  for (size_t j = 0; j < grid_.columns.size(); ++j) {
    if (stop_.stop_requested()) return;
    const imaging::Span columns = grid_.columns[j];
    // Beyond the picture's end: its mirror image, not what the band holds there.
    for (size_t i = 0; i < in_.size(); ++i) {
      tile[i] = imaging::crop_with_reflection(in_[i], height, {0, rows.size}, columns);
    }
    const Layers restored = restore_tile_(tile, rows, columns);
    out_.resize(restored.size(), imaging::Plane(band_height(), width_));
    const TilePlace place{0, columns.begin, row_weights_[next_row_of_tiles_], column_weights_[j]};
    for (size_t i = 0; i < out_.size(); ++i) add_weighted(restored[i], place, height, out_[i]);
  }
}

TiledInference::Band TiledInference::next() {
  if (next_row_of_tiles_ == grid_.rows.size()) return {};
  move_on();
  read_rows(grid_.rows[next_row_of_tiles_]);
  restore_row_of_tiles();
  if (stop_.stop_requested()) return {};
  ++next_row_of_tiles_;
  const int64_t end =
      next_row_of_tiles_ < grid_.rows.size() ? grid_.rows[next_row_of_tiles_].begin : height_;
  return {top_, end - top_, &out_};
}

}  // namespace restore

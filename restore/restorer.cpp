#include "restore/restorer.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/sigmoid.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

#include "common/error.h"

namespace restore {
namespace {

Plane to_plane(const at::Tensor& tensor) {  // [1,1,H,W]
  const at::Tensor packed = tensor.contiguous();
  Plane plane(packed.size(2), packed.size(3));
  const float* data = packed.const_data_ptr<float>();
  std::copy_n(data, plane.values.size(), plane.values.begin());
  return plane;
}

void require_finite(const Plane& plane) {
  if (std::all_of(plane.values.begin(), plane.values.end(),
                  [](float value) { return std::isfinite(value); })) {
    return;
  }
  throw common::Error(common::ErrorKind::numeric,
                      "the network gave values that are not numbers: the model file was trained "
                      "wrongly or is damaged; try another one with --model");
}

/// Adds `tile`, weighted, where it lies in `sum`; what lies outside is left out.
void add_weighted(const Plane& tile, Span rows, Span columns, const std::vector<float>& row_weights,
                  const std::vector<float>& column_weights, Plane& sum) {
  const int64_t height = std::min(rows.size, sum.height - rows.begin);
  const int64_t width = std::min(columns.size, sum.width - columns.begin);
  for (int64_t y = 0; y < height; ++y) {
    const float* from = tile.row(y);
    float* to = sum.row(rows.begin + y) + columns.begin;
    const float row_weight = row_weights[static_cast<size_t>(y)];
    const float* weights = column_weights.data();
    for (int64_t x = 0; x < width; ++x) to[x] += row_weight * weights[x] * from[x];
  }
}

void clip(Plane& plane) {
  for (float& value : plane.values) value = std::clamp(value, 0.0F, 1.0F);
}

}  // namespace

Restorer::Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling)
    : network_(std::move(network)), tiling_(tiling) {
  tiling_.validate();
}

Restored Restorer::apply(const Plane& tile) const {
  const c10::InferenceMode inference;
  Plane copy = tile;  // from_blob wants memory that may be written
  const at::Tensor aged = at::from_blob(copy.values.data(), {1, 1, tile.height, tile.width});
  const model::Restoration restoration = network_->forward(aged);
  Restored restored{to_plane(restoration.luma), to_plane(at::sigmoid(restoration.damage_logits))};
  require_finite(restored.luma);
  return restored;
}

Restored Restorer::restore(const Plane& aged, const TileDone& tile_done) const {
  const TileGrid grid = tile_grid(aged.height, aged.width, tiling_, network_->multiple());
  const auto row_weights = blend_weights(grid.rows, tiling_.overlap);
  const auto column_weights = blend_weights(grid.columns, tiling_.overlap);
  Restored sum{Plane(aged.height, aged.width), Plane(aged.height, aged.width)};
  int64_t done = 0;
  for (size_t i = 0; i < grid.rows.size(); ++i) {
    for (size_t j = 0; j < grid.columns.size(); ++j) {
      const Span rows = grid.rows[i], columns = grid.columns[j];
      const Restored tile = apply(cut_mirrored(aged, rows, columns));
      add_weighted(tile.luma, rows, columns, row_weights[i], column_weights[j], sum.luma);
      add_weighted(tile.damage, rows, columns, row_weights[i], column_weights[j], sum.damage);
      if (tile_done) tile_done(++done, grid.num_tiles());
    }
  }
  clip(sum.luma);
  clip(sum.damage);  // weights sum to one but for rounding
  return sum;
}

void mix(const Plane& aged, double strength, Plane& restored) {
  const auto share = static_cast<float>(strength);
  for (size_t i = 0; i < restored.values.size(); ++i) {
    const float before = aged.values[i];
    restored.values[i] = before + share * (restored.values[i] - before);
  }
}

}  // namespace restore

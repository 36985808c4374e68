#include "restore/restorer.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error.h"
#include "model/chroma.h"
#include "restore/plane_tensor.h"

namespace restore {
namespace {

Plane plane_of(const at::Tensor& tensor) {  // [1,1,H,W]
  const at::Tensor packed = tensor.contiguous();
  Plane plane(packed.size(2), packed.size(3));
  const float* data = packed.const_data_ptr<float>();
  std::copy_n(data, plane.values.size(), plane.values.begin());
  return plane;
}

/// At the luma's resolution.
Chroma chroma_of(const model::Restoration& restoration) {
  const at::Tensor both = model::upsample_chroma(restoration.chroma, restoration.luma);
  return {plane_of(both.narrow(1, 0, 1)), plane_of(both.narrow(1, 1, 1))};
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

/// Where a tile lies, and how much each of its rows and columns counts there.
struct TilePlace {
  Span rows, columns;
  const std::vector<float>& row_weights;
  const std::vector<float>& column_weights;
};

/// Adds `tile`, weighted, where it lies in `sum`; what lies outside is left out.
void add_weighted(const Plane& tile, const TilePlace& place, Plane& sum) {
  const int64_t height = std::min(place.rows.size, sum.height - place.rows.begin);
  const int64_t width = std::min(place.columns.size, sum.width - place.columns.begin);
  for (int64_t y = 0; y < height; ++y) {
    const float* from = tile.row(y);
    float* to = sum.row(place.rows.begin + y) + place.columns.begin;
    const float row_weight = place.row_weights[static_cast<size_t>(y)];
    const float* weights = place.column_weights.data();
    for (int64_t x = 0; x < width; ++x) to[x] += row_weight * weights[x] * from[x];
  }
}

void add_weighted(const Restored& tile, const TilePlace& place, Restored& sum) {
  add_weighted(tile.luma, place, sum.luma);
  add_weighted(tile.damage, place, sum.damage);
  if (!tile.chroma) return;
  if (!sum.chroma) {
    const Plane gray(sum.luma.height, sum.luma.width);
    sum.chroma = Chroma{gray, gray};
  }
  add_weighted(tile.chroma->blue, place, sum.chroma->blue);
  add_weighted(tile.chroma->red, place, sum.chroma->red);
}

void require_same_size(const Plane& aged, const Plane& known_damage) {
  if (aged.height == known_damage.height && aged.width == known_damage.width) return;
  const auto size = [](const Plane& plane) {
    return std::to_string(plane.width) + "x" + std::to_string(plane.height);
  };
  throw common::Error(common::ErrorKind::usage, "the damage mask has " + size(known_damage) +
                                                    " pixels, the photograph " + size(aged) +
                                                    ": give a mask of the photograph's size");
}

void clip(Plane& plane) {
  for (float& value : plane.values) value = std::clamp(value, 0.0F, 1.0F);
}

}  // namespace

Restorer::Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling)
    : network_(std::move(network)), tiling_(tiling) {
  tiling_.validate();
}

Restored Restorer::apply(const Plane& tile, const Plane& known_damage) const {
  const c10::InferenceMode inference;
  const bool is_known = !known_damage.values.empty();
  const model::Restoration restoration = network_->forward(
      tensor_of(tile).unsqueeze(0), is_known ? tensor_of(known_damage).unsqueeze(0) : at::Tensor());
  Restored restored{
      plane_of(restoration.luma), plane_of(model::damage_probability(restoration)), {}};
  require_finite(restored.luma);
  if (restoration.chroma.defined()) {
    restored.chroma = chroma_of(restoration);
    require_finite(restored.chroma->blue);
    require_finite(restored.chroma->red);
  }
  return restored;
}

Restored Restorer::restore(const Plane& aged, const Plane* known_damage,
                           const TileDone& tile_done) const {
  if (known_damage != nullptr) require_same_size(aged, *known_damage);
  const TileGrid grid = tile_grid(aged.height, aged.width, tiling_, network_->multiple());
  const auto row_weights = blend_weights(grid.rows, tiling_.overlap);
  const auto column_weights = blend_weights(grid.columns, tiling_.overlap);
  Restored sum{Plane(aged.height, aged.width), Plane(aged.height, aged.width), {}};
  int64_t done = 0;
  for (size_t i = 0; i < grid.rows.size(); ++i) {
    for (size_t j = 0; j < grid.columns.size(); ++j) {
      const TilePlace place{grid.rows[i], grid.columns[j], row_weights[i], column_weights[j]};
      const auto cut = [&](const Plane& plane) {
        return cut_mirrored(plane, place.rows, place.columns);
      };
      const Plane damage = known_damage != nullptr ? cut(*known_damage) : Plane();
      add_weighted(apply(cut(aged), damage), place, sum);
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

#include "restore/restorer.h"

#include <algorithm>
#include <string>

#include "common/error.h"
#include "device/torch.h"
#include "model/chroma.h"
#include "restore/plane_tensor.h"
#include "restore/tiled_inference.h"

namespace restore {
namespace {

/// luma, damage and, if the network colours, Cb and Cr at the luma's resolution.
std::vector<imaging::Plane> planes_of(const model::Restoration& restoration) {
  std::vector<imaging::Plane> planes{plane_of(restoration.luma),
                                     plane_of(model::damage_probability(restoration))};
  if (restoration.chroma.defined()) {
    const at::Tensor both = model::upsample_chroma(restoration.chroma, restoration.luma);
    planes.push_back(plane_of(both.narrow(1, 0, 1)));
    planes.push_back(plane_of(both.narrow(1, 1, 1)));
  }
  for (const imaging::Plane& plane : planes) require_finite(plane);
  return planes;
}

void require_same_size(const imaging::Plane& aged, const imaging::Plane& known_damage) {
  if (aged.height == known_damage.height && aged.width == known_damage.width) return;
  const auto size = [](const imaging::Plane& plane) {
    return std::to_string(plane.width) + "x" + std::to_string(plane.height);
  };
  throw common::Error(common::ErrorKind::usage, "the damage mask has " + size(known_damage) +
                                                    " pixels, the photograph " + size(aged) +
                                                    ": give a mask of the photograph's size");
}

void clip(imaging::Plane& plane) {
  for (float& value : plane.values) value = std::clamp(value, 0.0F, 1.0F);
}

}  // namespace

Restorer::Restorer(std::shared_ptr<model::Network> network, const Tiling& tiling)
    : network_(std::move(network)), tiling_(tiling) {
  tiling_.validate();
}

Restored Restorer::restore(const imaging::Plane& aged, const imaging::Plane* known_damage) const {
  if (known_damage != nullptr) require_same_size(aged, *known_damage);
  const auto read_row = [&](int64_t y, const std::vector<float*>& layers) {
    std::copy_n(aged.row(y), aged.width, layers[0]);
    if (known_damage != nullptr) std::copy_n(known_damage->row(y), aged.width, layers[1]);
  };
  const auto restore_tile = [&](const std::vector<imaging::Plane>& layers, imaging::Span,
                                imaging::Span) {
    const c10::InferenceMode inference;
    return planes_of(
        network_->forward(tensor_of(layers[0]).unsqueeze(0),
                          layers.size() > 1 ? tensor_of(layers[1]).unsqueeze(0) : at::Tensor()));
  };
  const TileGrid grid = tile_grid(aged.height, aged.width, tiling_, network_->multiple());
  TiledInference sweep({aged.height, aged.width, known_damage != nullptr ? size_t{2} : size_t{1}},
                       grid, read_row, restore_tile);
  std::vector<imaging::Plane> whole;
  for (auto band = sweep.next(); band.height > 0; band = sweep.next()) {
    whole.resize(band.layers->size(), imaging::Plane(aged.height, aged.width));
    for (size_t i = 0; i < whole.size(); ++i) {
      std::copy_n((*band.layers)[i].row(0), band.height * aged.width, whole[i].row(band.top));
    }
  }
  Restored restored{std::move(whole[0]), std::move(whole[1]), {}};
  if (whole.size() > 2) restored.chroma = Chroma{std::move(whole[2]), std::move(whole[3])};
  clip(restored.luma);
  clip(restored.damage);  // weights sum to one but for rounding
  return restored;
}

}  // namespace restore

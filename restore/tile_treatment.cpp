#include "restore/tile_treatment.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_or.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>

#include "model/pull_push.h"
#include "restore/plane_tensor.h"

namespace restore {
namespace {

// What changes more slowly than over so many pixels is tone.
constexpr int64_t kTone = 32;
// Probabilities of damage: below the first it is none, above the second it is certain.
constexpr double kDoubtful = 0.4, kCertain = 0.85;

at::Tensor slow_part(const at::Tensor& x) {
  const int64_t kernel = std::min({kTone, x.size(2), x.size(3)});
  // Of [1,H,W]: with four dimensions and one channel PyTorch may take channels-last for the layout
  // and go over the pixels one by one.
  const at::Tensor means =
      at::avg_pool2d(x.squeeze(0), {kernel, kernel}, {kernel, kernel}, /*padding=*/0,
                     /*ceil_mode=*/true, /*count_include_pad=*/false);
  return at::upsample_bilinear2d(means.unsqueeze(0), x.sizes().slice(2), /*align_corners=*/false);
}

/// With all doubt 0 below kDoubtful, 1 above kCertain, a smooth step between.
at::Tensor doubted(const at::Tensor& probability, double doubt) {
  if (doubt == 0) return probability;
  const at::Tensor t = ((probability - kDoubtful) / (kCertain - kDoubtful)).clamp(0, 1);
  return (1 - doubt) * probability + doubt * (t * t * (3 - 2 * t));
}

/// Chroma about damage, spread over it.
at::Tensor chroma_from_about(const at::Tensor& chroma, const at::Tensor& damage) {
  // A little more than the damage: its edge has a bit of its colour.
  const at::Tensor spread = largest_about(damage, 2).mul_(2).clamp_max_(1);
  return model::quick_pull_push(chroma + model::kMidGray, 1 - spread) - model::kMidGray;
}

/// What a network says of a tile, all [1,1,H,W].
struct Said {
  at::Tensor residual, filled, damage;
};

/// A layer of the whole view at the tile's pixels.
at::Tensor seen_there(const Plane& small, int64_t scale, Span rows, Span columns) {
  Plane fine(rows.size, columns.size);
  for (int64_t y = 0; y < rows.size; ++y) {
    enlarge_row(small, scale, rows.begin + y, columns, fine.row(y));
  }
  return tensor_of(fine).unsqueeze(0).clone();
}

}  // namespace

TileTreatment::TileTreatment(model::Network& network, const Strengths& strengths,
                             const TileLayers& layers, const WholeView* view)
    : network_(network), strengths_(strengths), layers_(layers), view_(view) {}

std::vector<Plane> TileTreatment::operator()(const std::vector<Plane>& tile, Span rows,
                                             Span columns) {
  const c10::InferenceMode inference;
  const auto placed = [&](const Plane& plane) {
    return tensor_of(plane).unsqueeze(0).to(network_.device());
  };
  const at::Tensor aged = placed(tile[0]);
  at::Tensor seen = aged, known, hole;
  if (layers_.has_known_damage) known = placed(tile[1]);
  if (view_ != nullptr && !view_->hole.values.empty()) {
    hole = seen_there(view_->hole, view_->scale, rows, columns).to(aged.device()) > 0.5;
    // What a person has bounded stays within its bounds.
    if (known.defined()) hole = hole.logical_and((known < 0).logical_or(known > 0.5));
    const at::Tensor luma = seen_there(view_->luma, view_->scale, rows, columns).to(aged.device());
    seen = at::where(hole, luma, aged);
    known = at::where(hole, 0.0, known.defined() ? known : at::full_like(aged, -1));
  }
  const auto start = std::chrono::steady_clock::now();
  const model::Restoration said = network_.forward(seen, known);
  const at::Tensor denoised = said.denoised.defined() ? said.denoised : said.luma;
  at::Tensor damage = model::damage_probability(said);
  network_seconds_ +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  if (decide_) {
    strengths_ = decide_((damage > 0.5).to(at::kFloat).mean().item<double>());
    decide_ = {};
  }
  damage = doubted(damage, strengths_.doubt);
  if (known.defined()) damage = at::where(known < 0, damage, known);
  at::Tensor residual = denoised - seen;
  if (strengths_.tone != strengths_.grain) {
    residual = strengths_.grain * residual +
               (strengths_.tone - strengths_.grain) * slow_part(residual * (1 - damage));
  } else {
    residual = strengths_.grain * residual;
  }
  at::Tensor change = (1 - damage) * residual;
  if (said.filled.defined()) change = change + damage * (strengths_.fill * (said.filled - seen));
  if (hole.defined()) {
    change = change + strengths_.fill * (seen - aged);
    damage = at::where(hole, 1.0, damage);
  }
  std::vector<Plane> treated{plane_of(change), plane_of(damage)};
  require_finite(treated[0]);
  if (layers_.has_chroma) {
    at::Tensor moved = at::zeros_like(aged.expand({-1, 2, -1, -1}));
    if (damage.max().item<float>() > kDoubtful) {
      const at::Tensor chroma = at::cat({placed(tile[tile.size() - 2]), placed(tile.back())}, 1);
      moved = strengths_.fill * damage * (chroma_from_about(chroma, damage) - chroma);
    }
    treated.push_back(plane_of(moved.narrow(1, 0, 1)));
    treated.push_back(plane_of(moved.narrow(1, 1, 1)));
  }
  return treated;
}

}  // namespace restore

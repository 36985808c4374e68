#include "restore/tile_restorer.h"

#include <algorithm>
#include <cmath>

#include "common/clock.h"
#include "common/error.h"
#include "device/torch.h"
#include "model/pull_push.h"
#include "restore/plane_tensor.h"

namespace restore {
namespace {

// What changes more slowly than over so many pixels is tone.
constexpr int64_t kTone = 32;
// Probabilities of damage: below the first it is none, above the second it is certain.
constexpr double kDoubtful = 0.85, kCertain = 0.98;
// What the small version shows is damage from here on; with caution from kCertain on.
constexpr double kShown = 0.4;

at::Tensor slow_part(const at::Tensor& x) {
  const int64_t kernel = std::min({kTone, x.size(2), x.size(3)});
  // Of [1,H,W]: with four dimensions and one channel PyTorch may take channels-last for the layout
  // and go over the pixels one by one.
  const at::Tensor means =
      at::avg_pool2d(x.squeeze(0), {kernel, kernel}, {kernel, kernel}, /*padding=*/0,
                     /*ceil_mode=*/true, /*count_include_pad=*/false);
  return at::upsample_bilinear2d(means.unsqueeze(0), x.sizes().slice(2), /*align_corners=*/false);
}

/// 0 below `none`, 1 above `all`.
at::Tensor smooth_step(const at::Tensor& x, double none, double all) {
  const at::Tensor t = ((x - none) / (all - none)).clamp(0, 1);
  return t * t * (3 - 2 * t);
}

/// How much a pixel counts as damaged. With caution 1 that is 0 below kDoubtful, 1 above kCertain.
at::Tensor damage_weight(const at::Tensor& probability, double caution) {
  if (caution == 0) return probability;
  return (1 - caution) * probability + caution * smooth_step(probability, kDoubtful, kCertain);
}

/// Chroma from around the damage, spread over it.
at::Tensor spread_chroma(const at::Tensor& chroma, const at::Tensor& damage) {
  // A little more than the damage: its edge has a bit of its colour.
  const at::Tensor spread = dilate(damage, 2).mul_(2).clamp_max_(1);
  return model::quick_pull_push(chroma + model::kMidGray, 1 - spread) - model::kMidGray;
}

/// A layer of the overview at the tile's pixels.
at::Tensor enlarged(const imaging::Plane& small, int64_t scale, imaging::Span rows,
                    imaging::Span columns) {
  imaging::Plane fine(rows.size, columns.size);
  for (int64_t y = 0; y < rows.size; ++y) {
    enlarge_row(small, scale, rows.begin + y, columns, fine.row(y));
  }
  return tensor_of(fine).unsqueeze(0).clone();
}

void require_finite(const imaging::Plane& plane) {
  if (std::all_of(plane.values.begin(), plane.values.end(),
                  [](float value) { return std::isfinite(value); })) {
    return;
  }
  throw common::numeric_error(
      "the network gave values that are not numbers: the model file was trained "
      "wrongly or is damaged; take the one that ships, or train one anew");
}

}  // namespace

TileRestorer::TileRestorer(model::Network& network, const Strengths& strengths,
                           const TileLayers& layers, const Overview& overview)
    : network_(network), strengths_(strengths), layers_(layers), overview_(overview) {}

TileRestorer::Input TileRestorer::input_of(const std::vector<imaging::Plane>& tile,
                                           imaging::Span rows, imaging::Span columns) const {
  Input input{.aged = placed(tile[0])};
  input.seen = input.aged;
  if (layers_.has_known_damage) input.known = placed(tile[1]);
  const bool has_hole = !overview_.hole.values.empty();
  const bool has_damage = !overview_.damage.values.empty();
  if (!has_hole && !has_damage) return input;
  const auto there = [&](const imaging::Plane& small) {
    return enlarged(small, overview_.scale, rows, columns).to(network_.device());
  };
  const at::Tensor nothing = at::full_like(input.aged, -1);
  const at::Tensor known = input.known.defined() ? input.known : nothing;
  input.known = known;
  if (has_damage) {
    const double certain = std::lerp(kShown, kCertain, strengths_.caution);
    const at::Tensor found = there(overview_.damage) > certain;
    input.known = at::where((known < 0).logical_and(found), 1.0, known);
  }
  if (!has_hole) return input;
  input.hole = there(overview_.hole) > 0.5;
  // Where a person said what is damaged, no hole reaches beyond it.
  input.hole = input.hole.logical_and((known < 0).logical_or(known > 0.5));
  input.seen = at::where(input.hole, there(overview_.luma), input.aged);
  input.known = at::where(input.hole, 0.0, input.known);
  return input;
}

model::Restoration TileRestorer::ask(const Input& input) {
  if (overview_.restoration) return *overview_.restoration;
  const double start_s = common::steady_now_s();
  model::Restoration said = network_.forward(input.seen, input.known, strengths_.rule);
  network_seconds_ += common::steady_now_s() - start_s;
  return said;
}

at::Tensor TileRestorer::change_of(const model::Restoration& said, const Input& input,
                                   const at::Tensor& inpainted) const {
  const at::Tensor residual = said.luma - input.seen;
  at::Tensor wanted = strengths_.grain * residual;
  if (strengths_.tone != strengths_.grain) {
    wanted = wanted + (strengths_.tone - strengths_.grain) * slow_part(residual * (1 - inpainted));
  }
  at::Tensor change = (1 - inpainted) * wanted + inpainted * (strengths_.inpaint * residual);
  if (input.hole.defined()) change = change + strengths_.inpaint * (input.seen - input.aged);
  return change;
}

at::Tensor TileRestorer::chroma_change(const std::vector<imaging::Plane>& tile,
                                       const at::Tensor& damage) const {
  if (damage.max().item<float>() == 0) {
    return at::zeros_like(damage.expand({-1, 2, -1, -1}));
  }
  const at::Tensor chroma = at::cat({placed(tile[tile.size() - 2]), placed(tile.back())}, 1);
  return strengths_.inpaint * damage * (spread_chroma(chroma, damage) - chroma);
}

std::vector<imaging::Plane> TileRestorer::operator()(const std::vector<imaging::Plane>& tile,
                                                     imaging::Span rows, imaging::Span columns) {
  const c10::InferenceMode inference;
  const Input input = input_of(tile, rows, columns);
  const model::Restoration said = ask(input);
  at::Tensor damage = damage_weight(model::damage_probability(said), strengths_.caution);
  if (input.known.defined()) damage = at::where(input.known < 0, damage, input.known);
  at::Tensor inpainted = said.filled.defined() ? said.filled : at::zeros_like(damage);
  const at::Tensor change = change_of(said, input, inpainted);
  if (input.hole.defined()) {
    damage = at::where(input.hole, 1.0, damage);
    inpainted = at::where(input.hole, 1.0, inpainted);
  }
  std::vector<imaging::Plane> restored{plane_of(change), plane_of(damage)};
  require_finite(restored[0]);
  if (layers_.has_chroma) {
    const at::Tensor moved = chroma_change(tile, inpainted);
    restored.push_back(plane_of(moved.narrow(1, 0, 1)));
    restored.push_back(plane_of(moved.narrow(1, 1, 1)));
  }
  return restored;
}

at::Tensor TileRestorer::placed(const imaging::Plane& plane) const {
  return tensor_of(plane).unsqueeze(0).to(network_.device());
}

}  // namespace restore

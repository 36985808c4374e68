#include "restore/tile_restorer.h"

#include <algorithm>
#include <chrono>

#include "device/torch.h"
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
  const at::Tensor spread = dilate(damage, 2).mul_(2).clamp_max_(1);
  return model::quick_pull_push(chroma + model::kMidGray, 1 - spread) - model::kMidGray;
}

/// A layer of the whole view at the tile's pixels.
at::Tensor seen_there(const imaging::Plane& small, int64_t scale, imaging::Span rows,
                      imaging::Span columns) {
  imaging::Plane fine(rows.size, columns.size);
  for (int64_t y = 0; y < rows.size; ++y) {
    enlarge_row(small, scale, rows.begin + y, columns, fine.row(y));
  }
  return tensor_of(fine).unsqueeze(0).clone();
}

}  // namespace

TileRestorer::TileRestorer(model::Network& network, const Strengths& strengths,
                           const TileLayers& layers, const Overview* view)
    : network_(network), strengths_(strengths), layers_(layers), view_(view) {}

TileRestorer::Given TileRestorer::given(const std::vector<imaging::Plane>& tile, imaging::Span rows,
                                        imaging::Span columns) const {
  Given given{.aged = placed(tile[0])};
  given.seen = given.aged;
  if (layers_.has_known_damage) given.known = placed(tile[1]);
  if (view_ == nullptr || view_->hole.values.empty()) return given;
  const auto there = [&](const imaging::Plane& small) {
    return seen_there(small, view_->scale, rows, columns).to(network_.device());
  };
  given.hole = there(view_->hole) > 0.5;
  const at::Tensor nothing = at::full_like(given.aged, -1);
  const at::Tensor known = given.known.defined() ? given.known : nothing;
  // What a person has bounded stays within its bounds.
  given.hole = given.hole.logical_and((known < 0).logical_or(known > 0.5));
  given.seen = at::where(given.hole, there(view_->luma), given.aged);
  given.known = at::where(given.hole, 0.0, known);
  return given;
}

at::Tensor TileRestorer::damage_of(const model::Restoration& said, const Given& given) {
  at::Tensor damage = model::damage_probability(said);
  if (decide_) {
    strengths_ = decide_((damage > 0.5).to(at::kFloat).mean().item<double>());
    decide_ = {};
  }
  damage = doubted(damage, strengths_.doubt);
  return given.known.defined() ? at::where(given.known < 0, damage, given.known) : damage;
}

at::Tensor TileRestorer::change_of(const model::Restoration& said, const Given& given,
                                   const at::Tensor& damage) const {
  const at::Tensor denoised = said.denoised.defined() ? said.denoised : said.luma;
  const at::Tensor residual = denoised - given.seen;
  at::Tensor wanted = strengths_.grain * residual;
  if (strengths_.tone != strengths_.grain) {
    wanted = wanted + (strengths_.tone - strengths_.grain) * slow_part(residual * (1 - damage));
  }
  at::Tensor change = (1 - damage) * wanted;
  if (said.filled.defined()) {
    change = change + damage * (strengths_.fill * (said.filled - given.seen));
  }
  if (given.hole.defined()) change = change + strengths_.fill * (given.seen - given.aged);
  return change;
}

at::Tensor TileRestorer::chroma_change(const std::vector<imaging::Plane>& tile,
                                       const at::Tensor& damage) const {
  if (damage.max().item<float>() <= kDoubtful) {
    return at::zeros_like(damage.expand({-1, 2, -1, -1}));
  }
  const at::Tensor chroma = at::cat({placed(tile[tile.size() - 2]), placed(tile.back())}, 1);
  return strengths_.fill * damage * (chroma_from_about(chroma, damage) - chroma);
}

std::vector<imaging::Plane> TileRestorer::operator()(const std::vector<imaging::Plane>& tile,
                                                     imaging::Span rows, imaging::Span columns) {
  const c10::InferenceMode inference;
  const Given given = this->given(tile, rows, columns);
  const auto start = std::chrono::steady_clock::now();
  const model::Restoration said = network_.forward(given.seen, given.known);
  at::Tensor damage = damage_of(said, given);  // waits for a GPU, if it is one
  network_seconds_ +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const at::Tensor change = change_of(said, given, damage);
  if (given.hole.defined()) damage = at::where(given.hole, 1.0, damage);
  std::vector<imaging::Plane> treated{plane_of(change), plane_of(damage)};
  require_finite(treated[0]);
  if (layers_.has_chroma) {
    const at::Tensor moved = chroma_change(tile, damage);
    treated.push_back(plane_of(moved.narrow(1, 0, 1)));
    treated.push_back(plane_of(moved.narrow(1, 1, 1)));
  }
  return treated;
}

at::Tensor TileRestorer::placed(const imaging::Plane& plane) const {
  return tensor_of(plane).unsqueeze(0).to(network_.device());
}

}  // namespace restore

#include "restore/overview.h"

#include <algorithm>
#include <cmath>

#include "common/clock.h"
#include "device/torch.h"
#include "model/chroma.h"
#include "model/pull_push.h"
#include "restore/plane_tensor.h"
#include "restore/tiled_inference.h"

namespace restore {
namespace {

// Logit of damage from which on the network is sure: 88% likely.
constexpr double kSure = 2;

/// What is left of the damage if everything narrower than 2 * radius + 1 is left out.
at::Tensor wide_parts(const at::Tensor& damage, int64_t radius) {
  const at::Tensor certain = (damage > 0.5).to(at::kFloat);
  const at::Tensor inner = 1 - dilate(1 - certain, radius);
  return dilate(inner, radius + 1) * certain;
}

/// Of the pixels that are not known to be intact.
double sure_share(const at::Tensor& logits, const at::Tensor& known) {
  const at::Tensor sure = (logits > kSure).to(at::kFloat);
  if (!known.defined()) return sure.mean().item<double>();
  const at::Tensor counted = (known != 0).to(at::kFloat);
  return ((sure * counted).sum() / counted.sum().clamp_min(1)).item<double>();
}

at::Tensor cropped_tensor(const at::Tensor& tensor, const imaging::Plane& like) {
  return tensor.narrow(2, 0, like.height).narrow(3, 0, like.width);
}

imaging::Plane cropped(const at::Tensor& tensor, const imaging::Plane& like) {
  return plane_of(cropped_tensor(tensor, like));
}

/// As large as the network wants it, on its device.
at::Tensor padded(const imaging::Plane& plane, const model::Network& network) {
  const imaging::Plane cut =
      imaging::crop_with_reflection(plane, {0, round_up(plane.height, network.multiple())},
                                    {0, round_up(plane.width, network.multiple())});
  return tensor_of(cut).unsqueeze(0).to(network.device(), /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace

at::Tensor dilate(const at::Tensor& x, int64_t radius) {
  at::Tensor largest = at::constant_pad_nd(x, {radius, radius, radius, radius}, 0);
  // Of 1 neighbour, of 2, of 4, ...: each pass is one of vectors, at::max_pool2d looks at pixels.
  for (const int64_t dim : {2, 3}) {
    for (int64_t covered = 1; covered < 2 * radius + 1;) {
      const int64_t step = std::min(covered, 2 * radius + 1 - covered);
      const int64_t length = largest.size(dim) - step;
      largest = at::maximum(largest.narrow(dim, 0, length), largest.narrow(dim, step, length));
      covered += step;
    }
  }
  return largest;
}

Overview make_overview(model::Network& network, const imaging::Plane& luma,
                       const imaging::Plane& known_damage, int64_t scale,
                       const OverviewOptions& options) {
  const c10::InferenceMode inference;
  at::Tensor known = known_damage.values.empty() ? at::Tensor() : padded(known_damage, network);
  // Of a small pixel that is partly damaged the luma is a mixture.
  if (known.defined() && scale > 1) known = at::where(known > 0, 1.0, known);
  const at::Tensor aged = padded(luma, network);
  const double start_s = common::steady_now_s();
  model::Restoration said = network.forward(aged, known, options.rule);
  Overview view;
  view.network_seconds = common::steady_now_s() - start_s;
  view.scale = scale;
  at::Tensor damage = model::damage_probability(said);
  if (said.damage_logits.defined()) view.sure_share = sure_share(said.damage_logits, known);
  if (known.defined()) damage = at::where(known < 0, damage, known);
  if (options.damage && said.filled.defined()) view.damage = cropped(damage, luma);
  if (options.holes && said.filled.defined()) {
    const auto radius = static_cast<int64_t>(
        std::ceil(static_cast<double>(options.hole_pixels) / static_cast<double>(2 * scale)));
    const at::Tensor hole =
        wide_parts(at::minimum(damage, said.filled), std::max<int64_t>(radius, 1));
    if (hole.max().item<float>() > 0) {
      view.hole = cropped(hole, luma);
      // Beyond the hole goes on what fills it: enlarged, its rim takes nothing from beside it.
      view.luma = cropped(model::quick_pull_push(said.luma, hole), luma);
    }
  }
  if (options.colours && said.chroma.defined()) {
    const auto [slope, offset] = model::chroma_lines(said.chroma, said.luma);
    const auto line = [&](const at::Tensor& both, int64_t which) {
      const at::Tensor fine = at::upsample_bilinear2d(
          both.narrow(1, which, 1), said.luma.sizes().slice(2), /*align_corners=*/false);
      return cropped(fine, luma);
    };
    view.colours =
        Overview::Lines{line(slope, 0), line(offset, 0), line(slope, 1), line(offset, 1)};
  }
  if (options.keep_restoration) view.restoration = std::move(said);
  return view;
}

GrayPreview damage_levels(model::Network& network, const imaging::Plane& luma,
                          const imaging::Plane& known_damage, const imaging::Plane& small,
                          const std::function<model::DamageRule(double sure_share)>& rule_for) {
  const c10::InferenceMode inference;
  at::Tensor known;
  if (!known_damage.values.empty()) known = padded(known_damage, network);
  double share = 0;
  const auto look = [&](const model::DamageRule& rule) {
    const at::Tensor fine = network.damage_logits(padded(luma, network), rule);
    if (!fine.defined()) return fine;
    if (small.values.empty()) {
      share = sure_share(fine, known);
      return cropped_tensor(fine, luma);
    }
    const at::Tensor coarse = network.damage_logits(padded(small, network), rule);
    share = sure_share(coarse, {});
    return at::maximum(
        cropped_tensor(fine, luma),
        at::upsample_bilinear2d(cropped_tensor(coarse, small), {luma.height, luma.width},
                                /*align_corners=*/false));
  };
  const model::DamageRule first = rule_for(0);
  at::Tensor logits = look(first);
  if (!logits.defined()) return {};
  if (const model::DamageRule rule = rule_for(share); rule != first) logits = look(rule);
  GrayPreview view{static_cast<int>(luma.width), static_cast<int>(luma.height), {}};
  at::Tensor shown =
      (kEvenLevel + kLevelsPerLogit * logits).round().clamp(0, 255).nan_to_num(kEvenLevel);
  if (known.defined()) shown = at::where(cropped_tensor(known, luma) == 0, 0.0, shown);
  const imaging::Plane levels = plane_of(shown);
  view.levels.reserve(levels.values.size());
  for (const float level : levels.values) view.levels.push_back(static_cast<uint8_t>(level));
  return view;
}

void enlarge_row(const imaging::Plane& small, int64_t scale, int64_t y, imaging::Span columns,
                 float* values) {
  // Pixel centres: (x + 0.5) / scale - 0.5 of the small picture.
  const auto place = [&](int64_t i, int64_t length) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(scale) - 0.5;
    return std::clamp(at, 0.0, static_cast<double>(length - 1));
  };
  const double row = place(std::min(y, small.height * scale - 1), small.height);
  const auto upper = std::min(static_cast<int64_t>(row), std::max<int64_t>(small.height - 2, 0));
  const auto down = static_cast<float>(row - static_cast<double>(upper));
  const float* above = small.row(upper);
  const float* below = small.row(std::min(upper + 1, small.height - 1));
  for (int64_t x = 0; x < columns.size; ++x) {
    const double column = place(columns.begin + x, small.width);
    const auto left = std::min(static_cast<int64_t>(column), std::max<int64_t>(small.width - 2, 0));
    const int64_t right = std::min(left + 1, small.width - 1);
    const auto across = static_cast<float>(column - static_cast<double>(left));
    const float top = above[left] + across * (above[right] - above[left]);
    const float bottom = below[left] + across * (below[right] - below[left]);
    values[x] = top + down * (bottom - top);
  }
}

}  // namespace restore

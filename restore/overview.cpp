#include "restore/overview.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "device/torch.h"
#include "model/chroma.h"
#include "restore/plane_tensor.h"

namespace restore {
namespace {

int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// What is left of the damage if everything narrower than 2 * radius + 1 is left out.
at::Tensor wide_parts(const at::Tensor& damage, int64_t radius) {
  const at::Tensor certain = (damage > 0.5).to(at::kFloat);
  const at::Tensor inner = 1 - dilate(1 - certain, radius);
  return dilate(inner, radius + 1) * certain;
}

imaging::Plane cropped(const at::Tensor& tensor, const imaging::Plane& like) {
  return plane_of(tensor.narrow(2, 0, like.height).narrow(3, 0, like.width));
}

}  // namespace

Overview make_overview(model::Network& network, const Analysis& seen,
                       const imaging::Plane* known_damage, const OverviewOptions& wish) {
  const c10::InferenceMode inference;
  const imaging::Span rows{0, round_up(seen.luma.height, network.multiple())};
  const imaging::Span columns{0, round_up(seen.luma.width, network.multiple())};
  const imaging::Plane luma = imaging::crop_with_reflection(seen.luma, rows, columns);
  const imaging::Plane known =
      known_damage ? imaging::crop_with_reflection(*known_damage, rows, columns) : imaging::Plane();
  const auto placed = [&](const imaging::Plane& plane) {
    return tensor_of(plane).unsqueeze(0).to(network.device());
  };
  const at::Tensor known_tensor = known_damage ? placed(known) : at::Tensor();
  const auto start = std::chrono::steady_clock::now();
  const model::Restoration restoration = network.forward(placed(luma), known_tensor);
  Overview view;
  view.network_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  view.scale = seen.scale;
  at::Tensor damage = model::damage_probability(restoration);
  view.damaged_share = (damage > 0.5).to(at::kFloat).mean().item<double>();
  if (wish.holes && restoration.filled.defined()) {
    if (known_damage) damage = at::where(known_tensor < 0, damage, known_tensor);
    const auto radius = static_cast<int64_t>(
        std::ceil(static_cast<double>(wish.hole_pixels) / static_cast<double>(2 * view.scale)));
    const at::Tensor hole = wide_parts(damage, std::max<int64_t>(radius, 1));
    if (hole.max().item<float>() > 0) {
      view.hole = cropped(hole, seen.luma);
      // At its edge small pixels are partly damaged: what fills them, not what they are mixed of.
      view.luma =
          cropped(at::where(dilate(hole, 1) > 0, restoration.filled, restoration.luma), seen.luma);
    }
  }
  if (wish.colours && restoration.chroma.defined()) {
    const auto [slope, offset] = model::chroma_lines(restoration.chroma, restoration.luma);
    const auto line = [&](const at::Tensor& both, int64_t which) {
      const at::Tensor fine = at::upsample_bilinear2d(
          both.narrow(1, which, 1), restoration.luma.sizes().slice(2), /*align_corners=*/false);
      return cropped(fine, seen.luma);
    };
    view.colours =
        Overview::Lines{line(slope, 0), line(offset, 0), line(slope, 1), line(offset, 1)};
  }
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

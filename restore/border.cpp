#include "restore/border.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "device/torch.h"
#include "restore/overview.h"
#include "restore/plane_tensor.h"

namespace restore {
namespace {

// Smoothed luma of a border changes by at most the first from pixel to pixel and is within the
// second of its tone; of what is within a border, as backdrops are, within the third.
constexpr double kFlat = 4.0 / 255, kNear = 24.0 / 255, kNearWithin = 12.0 / 255;
// A border has so much of each side; more than the second of a picture is no border but empty.
constexpr double kLeastOfSide = 0.6, kMostOfPicture = 0.7;
// What has less of a picture's height or width is no photograph, but a caption or a perforation.
constexpr double kLeastOfLength = 0.125;
// So much of a line is photograph that lies so far within a photograph's rectangle; less of one
// about a person before a backdrop.
constexpr double kLeastOfLine = 0.4, kDepthOfLine = 0.05;
constexpr double kMostGrain = 2.0 / 255;       // of a border, standard deviation
constexpr double kDeviationOfMedian = 1.4826;  // of the normal distribution
constexpr int64_t kSmallest = 32;              // pixels of a side
constexpr int kMostBorders = 3;                // a mount on a scanner's bed, say
constexpr int64_t kTones = 64;
constexpr int kEdge = 3;     // smoothing hides so many pixels of a border at the photograph's edge
constexpr int64_t kGap = 6;  // and between two borders
// A wire or a scratch that crosses a sky hides less than twice as much. Grain makes it less flat.
constexpr int64_t kWire = 8;
constexpr double kFlatPerGrain = 0.5, kNearPerGrain = 1;
constexpr double kTexture = 10.0 / 255;  // what has more is no grain

/// Of most values, which are [N]; undefined: they have none in common.
at::Tensor common_tone(const at::Tensor& values) {
  const at::Tensor tones = at::arange(kTones + 1, at::kFloat) / kTones;
  const at::Tensor is_near = (values - tones.unsqueeze(1)).abs() <= kNear;
  const at::Tensor counts = is_near.sum(1);
  const auto most = counts.argmax().item<int64_t>();
  if (static_cast<double>(counts[most].item<int64_t>()) <
      kLeastOfSide * static_cast<double>(values.numel())) {
    return {};
  }
  return values.index({is_near[most]}).mean();
}

/// Without what is narrower than 2 * radius + 1, as a crack that runs into the border. Outside the
/// picture all is flat.
at::Tensor without_tongues(const at::Tensor& flat, int64_t radius) {
  const at::Tensor inner =
      at::constant_pad_nd(1 - dilate(1 - flat, radius), {radius, radius, radius, radius}, 1);
  return dilate(inner, radius).narrow(2, radius, flat.size(2)).narrow(3, radius, flat.size(3));
}

/// Calls `visit(y, x)` for each pixel of value 1 that is joined to (y, x) by way of four
/// neighbours, and makes it 0.
template <typename Visit>
void take_joined(imaging::Plane& plane, int64_t y, int64_t x, const Visit& visit) {
  std::vector<std::pair<int64_t, int64_t>> waiting;
  const auto reach = [&](int64_t at_y, int64_t at_x) {
    if (at_y < 0 || at_x < 0 || at_y >= plane.height || at_x >= plane.width) return;
    if (plane.row(at_y)[at_x] == 0) return;
    plane.row(at_y)[at_x] = 0;
    visit(at_y, at_x);
    waiting.emplace_back(at_y, at_x);
  };
  reach(y, x);
  while (!waiting.empty()) {
    const auto [at_y, at_x] = waiting.back();
    waiting.pop_back();
    reach(at_y - 1, at_x), reach(at_y + 1, at_x), reach(at_y, at_x - 1), reach(at_y, at_x + 1);
  }
}

/// The parts of `flat` that reach `begin`, which is 1 where they may begin.
at::Tensor joined_to(const at::Tensor& begin, const at::Tensor& flat) {
  imaging::Plane waiting = plane_of(flat), reached(flat.size(2), flat.size(3));
  const imaging::Plane seeds = plane_of(begin);
  for (int64_t y = 0; y < seeds.height; ++y) {
    for (int64_t x = 0; x < seeds.width; ++x) {
      if (seeds.row(y)[x] == 0) continue;
      take_joined(waiting, y, x, [&](int64_t at_y, int64_t at_x) { reached.row(at_y)[at_x] = 1; });
    }
  }
  return tensor_of(reached).unsqueeze(0).clone();
}

/// With what smoothing hid at the photograph's edge.
at::Tensor to_edge(at::Tensor border, const at::Tensor& near) {
  for (int i = 0; i < kEdge; ++i) border = at::maximum(border, dilate(border, 1) * near);
  return border;
}

struct Rectangle {
  int64_t top = std::numeric_limits<int64_t>::max(), bottom = 0, left = top, right = 0;

  void include(const Rectangle& other) {
    top = std::min(top, other.top), bottom = std::max(bottom, other.bottom);
    left = std::min(left, other.left), right = std::max(right, other.right);
  }
  imaging::Span rows() const { return {top, bottom - top}; }
  imaging::Span columns() const { return {left, right - left}; }
};

/// About what is large beside the border: captions and perforations are not.
Rectangle photo_rectangle(const imaging::Plane& border) {
  imaging::Plane inside = border;
  for (float& value : inside.values) value = 1 - value;
  const auto least = [](int64_t length) { return kLeastOfLength * static_cast<double>(length); };
  Rectangle large, all;
  for (int64_t y = 0; y < inside.height; ++y) {
    for (int64_t x = 0; x < inside.width; ++x) {
      Rectangle part;
      take_joined(inside, y, x, [&](int64_t at_y, int64_t at_x) {
        part.include({at_y, at_y + 1, at_x, at_x + 1});
      });
      all.include(part);
      if (static_cast<double>(part.rows().size) >= least(border.height) &&
          static_cast<double>(part.columns().size) >= least(border.width)) {
        large.include(part);
      }
    }
  }
  return large.bottom > 0 ? large : all;
}

double share(const at::Tensor& mask) { return mask.mean().item<double>(); }

/// A small picture, and where it is flat. Masks are [1,1,H,W] of 0 and 1.
class View {
 public:
  explicit View(const imaging::Plane& luma)
      : picture_(tensor_of(luma).unsqueeze(0)),
        smooth_(
            at::avg_pool2d(picture_, 5, 1, 2, /*ceil_mode=*/false, /*count_include_pad=*/false)),
        steps_(at::max_pool2d(smooth_, 3, 1, 1) + at::max_pool2d(-smooth_, 3, 1, 1)) {}

  struct Parts {
    at::Tensor wide, all;  ///< without what is narrow, as a crack that runs into it; and with it
  };
  /// What is as flat as grain allows, of one tone and reaches this side, but for specks in it and
  /// what is thin across it; none if it does not hold most of the side, or is most of the picture.
  std::optional<at::Tensor> ground_along(const at::Tensor& side) const {
    const double deviation = grain(side), noise = deviation < kTexture ? deviation : 0;
    const double near = kNearWithin + kNearPerGrain * noise;
    const auto parts =
        flat_parts({side}, {.near = near, .step = kFlat + kFlatPerGrain * noise, .reach = kWire},
                   at::zeros_like(side));
    if (!parts) return std::nullopt;
    const at::Tensor tone = picture_.index({parts->wide > 0}).median();
    return parts->wide * ((picture_ - tone).abs() <= near).to(at::kFloat);
  }

  struct Likeness {
    double near;          ///< to the tone
    double step = kFlat;  ///< from pixel to pixel
    int64_t reach = 0;    ///< of what is joined, beyond what is not flat
  };

  /// What is flat, of one tone and reaches one of `sides`; none if it does not hold most of each,
  /// or is most of the picture. `beside` is flat, too.
  std::optional<Parts> flat_parts(const std::vector<at::Tensor>& sides, const Likeness& like,
                                  const at::Tensor& beside) const {
    const at::Tensor begin = std::get<0>(at::cat(sides).max(0, /*keepdim=*/true));
    if (share(begin) == 0) return std::nullopt;
    const at::Tensor tone = common_tone(smooth_.index({begin > 0}));
    if (!tone.defined()) return std::nullopt;
    const at::Tensor flat =
        (steps_ <= like.step).logical_and((smooth_ - tone).abs() <= like.near).to(at::kFloat);
    const int64_t radius = std::max<int64_t>(2, std::min(flat.size(2), flat.size(3)) / 64);
    const at::Tensor wide = flat * without_tongues(at::maximum(flat, dilate(beside, kGap)), radius);
    const at::Tensor reached = wide * joined_to(begin, dilate(wide, like.reach));
    for (const at::Tensor& side : sides) {
      if (share(reached * side) < kLeastOfSide * share(side)) return std::nullopt;
    }
    if (share(at::maximum(reached, beside)) > kMostOfPicture) return std::nullopt;
    const at::Tensor is_near = ((picture_ - tone).abs() <= like.near).to(at::kFloat);
    return Parts{to_edge(reached, is_near), to_edge(joined_to(begin, flat), is_near)};
  }

  /// Standard deviation of the noise where `mask` is 1.
  double grain(const at::Tensor& mask) const {
    return kDeviationOfMedian *
           (picture_ - smooth_).abs().index({mask > 0}).median().item<double>();
  }

 private:
  at::Tensor picture_, smooth_, steps_;
};

/// Whether a photograph's edge follows its rectangle all around.
bool fills(const Rectangle& photo, const at::Tensor& border) {
  const at::Tensor inside = (1 - border)
                                .narrow(2, photo.top, photo.rows().size)
                                .narrow(3, photo.left, photo.columns().size);
  for (const int64_t dim : {2, 3}) {
    const auto depth = static_cast<int64_t>(kDepthOfLine * static_cast<double>(inside.size(dim)));
    for (const int64_t at : {depth, inside.size(dim) - 1 - depth}) {
      if (share(inside.select(dim, at)) < kLeastOfLine) return false;
    }
  }
  return true;
}

/// What is flat along most of a side: a blank sky, a wall.
std::optional<Border> find_ground(const View& view, const std::vector<at::Tensor>& sides) {
  at::Tensor ground = at::zeros_like(sides[0]);
  for (const at::Tensor& side : sides) {
    if (const auto along = view.ground_along(side)) ground = at::maximum(ground, *along);
  }
  if (share(ground) == 0) return std::nullopt;
  return Border{plane_of(ground), {0, ground.size(2)}, {0, ground.size(3)}, /*is_around=*/false};
}

/// Both, and what is between them.
at::Tensor joined(const at::Tensor& outer, const at::Tensor& inner) {
  return at::maximum(at::maximum(outer, inner), dilate(outer, kGap) * dilate(inner, kGap));
}

}  // namespace

std::optional<Border> find_border(const imaging::Plane& luma, int64_t scale) {
  if (std::min(luma.height, luma.width) < kSmallest) return std::nullopt;
  const c10::InferenceMode inference;
  const View view(luma);
  const at::Tensor nowhere = at::zeros({1, 1, luma.height, luma.width});
  std::vector<at::Tensor> sides;
  for (const int64_t dim : {2, 3}) {
    for (const int64_t at : {0, -1}) {
      sides.push_back(nowhere.clone());
      sides.back().select(dim, at).fill_(1);
    }
  }
  std::optional<View::Parts> found = view.flat_parts(sides, {.near = kNear}, nowhere);
  if (!found) return find_ground(view, sides);
  for (int i = 1; i < kMostBorders; ++i) {
    const at::Tensor begin = dilate(found->wide, kGap) - dilate(found->wide, kGap - 1);
    const auto inner = view.flat_parts({begin}, {.near = kNearWithin}, found->wide);
    if (!inner) break;
    found = View::Parts{joined(found->wide, inner->wide), joined(found->all, inner->all)};
  }
  const Rectangle photo = photo_rectangle(plane_of(found->all));
  if (photo.bottom == 0) return std::nullopt;  // all is border
  const bool is_cut_off = fills(photo, found->all) &&
                          static_cast<double>(scale) * view.grain(found->wide) <= kMostGrain;
  if (!is_cut_off) return Border{plane_of(found->wide), {0, luma.height}, {0, luma.width}};
  return Border{plane_of(found->wide), photo.rows(), photo.columns()};
}

}  // namespace restore

#pragma once

#include <functional>
#include <optional>

#include "imaging/plane.h"
#include "model/network.h"
#include "restore/restored_photo.h"

namespace restore {

/// What the network says of a picture as a whole: what no tile can see.
struct Overview {
  int64_t scale = 1;      ///< of the picture's pixels to one of the planes
  double sure_share = 0;  ///< see Findings
  /// Damage that is too wide for a tile to see across, 0 to 1, and what is below it; empty: none.
  imaging::Plane hole, luma;
  /// Probability of damage, with OverviewOptions::damage.
  imaging::Plane damage;
  /// Colours, each a linear function of luma: slope and offset of Cb and Cr (model/chroma.h).
  struct Lines {
    imaging::Plane blue_slope, blue_offset, red_slope, red_offset;
  };
  std::optional<Lines> colours;
  /// Of a picture that is one tile: all that the network says of it, which is not asked again.
  std::optional<model::Restoration> restoration;
  double network_seconds = 0;
};

struct OverviewOptions {
  bool holes = false;  ///< wide holes are inpainted
  /// Damage is taken from it: of a large photograph, in whose small version cracks are as wide as
  /// those that the network learnt from.
  bool damage = false;
  bool colours = false;     ///< the network's colours are taken from it
  int64_t hole_pixels = 1;  ///< a hole is wide from so many pixels of the picture on
  bool keep_restoration = false;
  model::DamageRule rule = {};
};

/// Of luma at one of `scale` pixels, and of the known damage there; empty: nothing is known.
Overview make_overview(model::Network& network, const imaging::Plane& luma,
                       const imaging::Plane& known_damage, int64_t scale,
                       const OverviewOptions& options);

/// The network's logit of damage for each pixel under the rule for the share that it is sure of, as
/// levels of FindDamage; empty if it has none. With a `small` version of the picture what is found
/// there counts, too, and the share is its. What is known to be intact has level 0.
GrayPreview damage_levels(model::Network& network, const imaging::Plane& luma,
                          const imaging::Plane& known_damage, const imaging::Plane& small,
                          const std::function<model::DamageRule(double sure_share)>& rule_for);

/// Values of a small plane at the pixels of a row of the picture, interpolated bilinearly.
void enlarge_row(const imaging::Plane& small, int64_t scale, int64_t y, imaging::Span columns,
                 float* values);

/// The largest value of the square of 2 * radius + 1 pixels about each pixel of [1,1,H,W], whose
/// values are 0 or more.
at::Tensor dilate(const at::Tensor& x, int64_t radius);

}  // namespace restore

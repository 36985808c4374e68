#pragma once

#include <memory>
#include <optional>

#include "model/network.h"
#include "restore/analysis.h"

namespace restore {

/// What a network says of a whole photograph, made small: what no tile can see.
struct Overview {
  int64_t scale = 1;         ///< photograph pixels to a small one
  double damaged_share = 0;  ///< of the small picture, as the network sees it
  /// Damage that is too wide for a tile to see across, 0 to 1, and what lies below it; empty: none.
  imaging::Plane hole, luma;
  /// Colours, each a linear function of luma: slope and offset of Cb and Cr (model/chroma.h).
  struct Lines {
    imaging::Plane blue_slope, blue_offset, red_slope, red_offset;
  };
  std::optional<Lines> colours;
  double network_seconds = 0;  ///< that it took to say so
};

struct OverviewOptions {
  bool holes = false;       ///< wide holes are filled from it
  bool colours = false;     ///< the model's colours are taken from it
  int64_t hole_pixels = 1;  ///< holes are wide from so many photograph pixels on
};

/// `known_damage` is small, as the survey's luma is; null: nothing is known.
Overview make_overview(model::Network& network, const Analysis& seen, const imaging::Plane* known_damage,
                     const OverviewOptions& wish);

/// Values of a small plane at the pixels of a row of the photograph, interpolated bilinearly.
void enlarge_row(const imaging::Plane& small, int64_t scale, int64_t y, imaging::Span columns, float* values);

}  // namespace restore

#pragma once

#include <optional>

#include "imaging/plane.h"

namespace restore {

/// What surrounds a photograph on all four sides in one flat tone: its paper, a mount, a scanner's
/// bed; and what surrounds it within that. Or what is flat along most of a side, as a blank sky.
struct Border {
  imaging::Plane is_border;  ///< 1 there, 0 elsewhere
  /// Hold the photograph, without captions, as far as they are apart from it. All of the picture
  /// where the border may be a backdrop, or has grain: cut off, it would show where it was cut.
  imaging::Span rows, columns;
  bool is_around = true;  ///< else it is intact, but a part of the photograph
};

/// Of luma of at most some hundred thousand pixels, each of scale x scale of the picture.
std::optional<Border> find_border(const imaging::Plane& luma, int64_t scale);

}  // namespace restore

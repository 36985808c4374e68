#pragma once

#include <cstdint>

#include "common/config.h"
#include "imaging/plane.h"

namespace eval {

/// What is cut out of pictures when inpainting is measured. All lengths are pixels, whatever the
/// picture's size, and the number of shapes grows with its area: the share that is gone stays.
struct HolePattern {
  enum class Shape { line, blotch };

  Shape shape = Shape::line;
  common::Range count;   ///< shapes in a picture of kPatternPixels
  common::Range width;   ///< of a line, or the diameter of a disc of a blotch's area; wide ones
                         ///< more often
  common::Range length;  ///< of a line
  double drift = 0;      ///< standard deviation of a line's change of heading over a step, radians
};

/// The area of BSDS500's pictures, 481x321.
inline constexpr double kPatternPixels = 481.0 * 321.0;

/// Cuts shapes out of `picture` and returns where: 1 where it is gone, 0 elsewhere, with hard
/// edges. What shows in a shape is one flat tone, drawn as the ageing draws what shows in holes
/// (dataset/ageing/holes.h): light (0.75 to 1) half of the time, dark (0 to 0.2) and between (0.2
/// to 0.75) a quarter each. The same for the same key.
imaging::Plane cut_holes(const HolePattern& pattern, uint64_t key, imaging::Plane& picture);

}  // namespace eval

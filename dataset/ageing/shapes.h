#pragma once

#include "dataset/ageing/mask.h"

namespace dataset::ageing {

/// An irregular spot: an ellipse whose rim noise pushes in and out. Lengths in pixels.
struct Blob {
  double x = 0;
  double y = 0;
  double radius = 1;
  double elongation = 1;  ///< long axis over short axis; the area stays that of `radius`
  double angle = 0;
  double roughness = 0.3;  ///< how far the noise moves the rim, as a share of the radius
  double softness = 1;     ///< width of the rim over which it fades out
  Noise noise{0};
};
Mask draw_blob(const Plane& picture, const Blob& blob);

/// What is torn off one side or corner: all that lies less than `depth` pixels behind the line
/// through the picture's corner that is farthest against the direction `angle`, which points
/// inward. Noise moves the rim by up to `raggedness` pixels, over features of `feature` pixels.
struct Tear {
  double angle = 0;
  double depth = 0;
  double raggedness = 0;
  double feature = 1;
  Noise noise{0};
};

/// The torn part; `margin` pixels more of it give the bare paper that a tear leaves at its rim.
Mask draw_tear(const Plane& picture, const Tear& tear, double margin);

}  // namespace dataset::ageing

#pragma once

#include <cstdint>
#include <vector>

#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Smooth noise in the plane: random values on the points of a lattice of side 1, interpolated.
/// A pure function of seed and place: a shape costs only the pixels that it covers.
class Noise {
 public:
  explicit Noise(uint32_t seed) : seed_(seed) {}

  /// In [-1, 1].
  double at(double x, double y) const;

  /// Three octaves, each half as large and half as strong as the one before; in [-1, 1].
  double rough_at(double x, double y) const;

 private:
  double lattice(int64_t x, int64_t y) const;
  uint32_t seed_;
};

/// How much of each pixel a shape covers, 0 to 1, inside a box clipped to the picture.
class Mask {
 public:
  /// The box reaches from (left, top) to (right, bottom) in pixels; pixel centres lie at .5.
  Mask(const Channel& picture, double left, double top, double right, double bottom);

  int left() const { return left_; }
  int top() const { return top_; }
  int right() const { return right_; }    ///< one past the last column
  int bottom() const { return bottom_; }  ///< one past the last row
  float* row(int y) { return coverage_.data() + offset(y); }
  const float* row(int y) const { return coverage_.data() + offset(y); }

 private:
  size_t offset(int y) const {
    return static_cast<size_t>(y - top_) * static_cast<size_t>(right_ - left_);
  }
  int left_, top_, right_, bottom_;
  std::vector<float> coverage_;
};

/// What a shape is filled with: one tone, which may vary over `feature` pixels by +-`variation`.
struct Fill {
  double tone = 1;
  double variation = 0;
  double feature = 1;
  Noise noise{0};
  bool has_hard_rims = false;  ///< a pixel is covered or not, from half of it on

  double at(int x, int y) const;
};

/// Draws the shape over the picture with this opacity, which is also the opacity of its damage.
void lay(Canvas& canvas, const Mask& mask, double alpha, const Fill& fill);

/// An irregular spot: an ellipse with an uneven rim. Lengths in pixels.
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
Mask draw_blob(const Channel& picture, const Blob& blob);

/// The torn part of a side or a corner. `angle` points from there into the picture. Distances are
/// measured in that direction, from the corner that lies farthest back; pixels nearer than `depth`
/// are torn off. Noise moves the rim by up to `raggedness` pixels, in features of `feature` pixels.
struct Tear {
  double angle = 0;
  double depth = 0;
  double raggedness = 0;
  double feature = 1;
  Noise noise{0};
};

/// The torn part, `margin` pixels deeper: bare paper shows between the picture and a tear.
Mask draw_tear(const Channel& picture, const Tear& tear, double margin);

}  // namespace dataset::ageing

#pragma once

#include <vector>

#include "dataset/ageing/canvas.h"
#include "dataset/ageing/noise.h"

namespace dataset::ageing {

/// How much of each pixel a shape covers, 0 to 1, inside a box clipped to the picture.
class Mask {
 public:
  /// The box reaches from (left, top) to (right, bottom) in pixels; pixel centres lie at .5.
  Mask(const Plane& picture, double left, double top, double right, double bottom);

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

  double at(int x, int y) const;
};

/// Lays the shape over the picture with this opacity, and counts it as damage of the same opacity.
void lay(Canvas& canvas, const Mask& mask, double alpha, const Fill& fill);

}  // namespace dataset::ageing

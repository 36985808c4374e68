#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace imaging {

/// One channel of a picture, row by row: luma (0 black to 1 white) or the probability of damage.
struct Plane {
  Plane() = default;
  Plane(int64_t h, int64_t w) : height(h), width(w), values(static_cast<size_t>(h * w)) {}

  float* row(int64_t y) { return values.data() + y * width; }
  const float* row(int64_t y) const { return values.data() + y * width; }

  int64_t height = 0, width = 0;
  std::vector<float> values;
};

/// A run of rows or of columns.
struct Span {
  int64_t begin = 0, size = 0;
};

/// The rectangle rows x columns of `plane`. What lies outside the plane is its mirror image (the
/// border pixel is not repeated), as often as it takes.
Plane crop_with_reflection(const Plane& plane, Span rows, Span columns);

/// The same of the first `height` rows of `plane`, as if there were no others.
Plane crop_with_reflection(const Plane& plane, int64_t height, Span rows, Span columns);

/// Luma of sRGB values at full range. Source: ITU-R BT.601.
inline float luma_of(float red, float green, float blue) {
  return 0.299F * red + 0.587F * green + 0.114F * blue;
}

}  // namespace imaging

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/bt601.h"

namespace imaging {

/// One channel of a picture, row by row: luma (0 black to 1 white) or the probability of damage.
struct Plane {
  Plane() = default;
  Plane(int64_t h, int64_t w, float value = 0)
      : height(h), width(w), values(static_cast<size_t>(h * w), value) {}

  float* row(int64_t y) { return values.data() + y * width; }
  const float* row(int64_t y) const { return values.data() + y * width; }

  int64_t height = 0, width = 0;
  std::vector<float> values;
};

/// A decoded photograph: planar [3,H,W] (all red rows, then green, then blue), 8 bit, sRGB.
struct Photo {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

/// A decoded picture without colours, 8 bit: gray and alpha [H,W]. No alpha in the file: none here.
struct GrayPicture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> gray;
  std::vector<uint8_t> alpha;  ///< 0 transparent .. 255 opaque
};

inline constexpr auto kLumaOfRed = static_cast<float>(common::kLumaOfRed),
                      kLumaOfGreen = static_cast<float>(common::kLumaOfGreen),
                      kLumaOfBlue = static_cast<float>(common::kLumaOfBlue),
                      kBlueRange = static_cast<float>(common::kBlueRange),
                      kRedRange = static_cast<float>(common::kRedRange);

inline float luma_of(float red, float green, float blue) {
  return kLumaOfRed * red + kLumaOfGreen * green + kLumaOfBlue * blue;
}

/// A run of rows or of columns.
struct Span {
  int64_t begin = 0, size = 0;
};

/// The rectangle rows x columns of `plane`. What lies outside the plane is its mirror image (the
/// border pixel is not repeated), as often as it takes.
Plane crop_with_reflection(const Plane& plane, Span rows, Span columns);

/// The same of the first `height` rows of `plane`, as if there were no others.
Plane crop_with_reflection(const Plane& plane, int64_t height, Span rows, Span columns);

/// The smallest whole scale at which a picture has at most `pixels`.
int64_t downsample_scale(int64_t height, int64_t width, int64_t pixels);

/// Makes a picture small as its rows come: a small pixel is the mean of scale x scale values, of
/// fewer at the right and lower border.
class BoxDownsample {
 public:
  BoxDownsample(int64_t height, int64_t width, int64_t scale);
  void add(int64_t y, const float* values);

  /// Once, after all rows.
  Plane finish();

 private:
  int64_t scale_, width_;
  Plane small_;
  std::vector<float> rows_, columns_;  // how many each row and column has summed
};

}  // namespace imaging

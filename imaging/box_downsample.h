#pragma once

#include "imaging/plane.h"

namespace imaging {

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

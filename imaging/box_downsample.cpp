#include "imaging/box_downsample.h"

#include <algorithm>

namespace imaging {
namespace {

int64_t shrunk(int64_t length, int64_t scale) { return (length + scale - 1) / scale; }

}  // namespace

int64_t downsample_scale(int64_t height, int64_t width, int64_t pixels) {
  int64_t scale = 1;
  while (shrunk(height, scale) * shrunk(width, scale) > pixels) ++scale;
  return scale;
}

BoxDownsample::BoxDownsample(int64_t height, int64_t width, int64_t scale)
    : scale_(scale),
      width_(width),
      small_(shrunk(height, scale), shrunk(width, scale)),
      rows_(static_cast<size_t>(small_.height)),
      columns_(static_cast<size_t>(small_.width)) {
  for (int64_t x = 0; x < width; ++x) columns_[static_cast<size_t>(x / scale)] += 1;
}

void BoxDownsample::add(int64_t y, const float* values) {
  float* to = small_.row(y / scale_);
  rows_[static_cast<size_t>(y / scale_)] += 1;
  for (int64_t column = 0; column < small_.width; ++column) {
    const int64_t end = std::min(width_, (column + 1) * scale_);
    float sum = 0;
    for (int64_t x = column * scale_; x < end; ++x) sum += values[x];
    to[column] += sum;
  }
}

Plane BoxDownsample::finish() {
  for (int64_t y = 0; y < small_.height; ++y) {
    for (int64_t x = 0; x < small_.width; ++x) {
      small_.row(y)[x] /= rows_[static_cast<size_t>(y)] * columns_[static_cast<size_t>(x)];
    }
  }
  return std::move(small_);
}

}  // namespace imaging

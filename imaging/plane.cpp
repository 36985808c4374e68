#include "imaging/plane.h"

#include <algorithm>

namespace imaging {
namespace {

/// Where position `i` of a row of `length` mirrored without end lies: ... 2 1 | 0 1 2 | 1 0 ...
int64_t mirrored(int64_t i, int64_t length) {
  if (length == 1) return 0;
  const int64_t period = 2 * (length - 1);
  i = ((i % period) + period) % period;
  return i < length ? i : period - i;
}

int64_t shrunk_length(int64_t length, int64_t scale) { return (length + scale - 1) / scale; }

}  // namespace

Plane crop_with_reflection(const Plane& plane, Span rows, Span columns) {
  return crop_with_reflection(plane, plane.height, rows, columns);
}

Plane crop_with_reflection(const Plane& plane, int64_t height, Span rows, Span columns) {
  std::vector<int64_t> source(static_cast<size_t>(columns.size));
  for (int64_t x = 0; x < columns.size; ++x) {
    source[static_cast<size_t>(x)] = mirrored(columns.begin + x, plane.width);
  }
  Plane cut(rows.size, columns.size);
  for (int64_t y = 0; y < rows.size; ++y) {
    const float* from = plane.row(mirrored(rows.begin + y, height));
    std::transform(source.begin(), source.end(), cut.row(y), [&](int64_t x) { return from[x]; });
  }
  return cut;
}

int64_t downsample_scale(int64_t height, int64_t width, int64_t pixels) {
  int64_t scale = 1;
  while (shrunk_length(height, scale) * shrunk_length(width, scale) > pixels) ++scale;
  return scale;
}

BoxDownsample::BoxDownsample(int64_t height, int64_t width, int64_t scale)
    : scale_(scale),
      width_(width),
      small_(shrunk_length(height, scale), shrunk_length(width, scale)),
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

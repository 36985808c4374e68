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

}  // namespace imaging

#include "restore/plane_tensor.h"

#include <cmath>

#include "common/error.h"
#include "device/torch.h"

namespace restore {

at::Tensor dilate(const at::Tensor& x, int64_t radius) {
  at::Tensor largest = at::constant_pad_nd(x, {radius, radius, radius, radius}, 0);
  // Of 1 neighbour, of 2, of 4, ...: each pass is one of vectors, at::max_pool2d looks at pixels.
  for (const int64_t dim : {2, 3}) {
    for (int64_t covered = 1; covered < 2 * radius + 1;) {
      const int64_t step = std::min(covered, 2 * radius + 1 - covered);
      const int64_t length = largest.size(dim) - step;
      largest = at::maximum(largest.narrow(dim, 0, length), largest.narrow(dim, step, length));
      covered += step;
    }
  }
  return largest;
}

void require_finite(const imaging::Plane& plane) {
  if (std::all_of(plane.values.begin(), plane.values.end(),
                  [](float value) { return std::isfinite(value); })) {
    return;
  }
  throw common::Error(common::ErrorKind::numeric,
                      "the network gave values that are not numbers: the model file was trained "
                      "wrongly or is damaged; try another one with --model");
}

}  // namespace restore

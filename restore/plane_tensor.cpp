#include "restore/plane_tensor.h"

#include <ATen/ops/max_pool2d.h>

#include <cmath>

#include "common/error.h"

namespace restore {

at::Tensor largest_about(const at::Tensor& x, int64_t radius) {
  const int64_t size = 2 * radius + 1;
  // Of [1,H,W]: with four dimensions and one channel PyTorch may take channels-last for the layout
  // and go over the pixels one by one.
  const at::Tensor in_rows =
      at::max_pool2d(x.squeeze(0), {1, size}, /*stride=*/1, /*padding=*/{0, radius});
  return at::max_pool2d(in_rows, {size, 1}, /*stride=*/1, /*padding=*/{radius, 0}).unsqueeze(0);
}

void require_finite(const Plane& plane) {
  if (std::all_of(plane.values.begin(), plane.values.end(),
                  [](float value) { return std::isfinite(value); })) {
    return;
  }
  throw common::Error(common::ErrorKind::numeric,
                      "the network gave values that are not numbers: the model file was trained "
                      "wrongly or is damaged; try another one with --model");
}

}  // namespace restore

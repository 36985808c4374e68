#pragma once

#include <algorithm>

#include "device/torch.h"
#include "imaging/plane.h"

namespace restore {

/// The plane's own values as [1,H,W]: only to be read from, and while the plane lives.
inline at::Tensor tensor_of(const imaging::Plane& plane) {
  return at::from_blob(const_cast<float*>(plane.values.data()), {1, plane.height, plane.width});
}

/// A copy of [1,1,H,W] on any device.
inline imaging::Plane plane_of(const at::Tensor& tensor) {
  const at::Tensor packed = tensor.cpu().to(at::kFloat).contiguous();
  imaging::Plane plane(packed.size(2), packed.size(3));
  std::copy_n(packed.const_data_ptr<float>(), plane.values.size(), plane.values.begin());
  return plane;
}

}  // namespace restore

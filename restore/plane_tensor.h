#pragma once

#include <algorithm>

#include "device/torch.h"
#include "imaging/photo.h"
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

/// The largest value of the square of 2 * radius + 1 pixels about each pixel of [1,1,H,W], whose
/// values are 0 or more.
at::Tensor dilate(const at::Tensor& x, int64_t radius);

/// Throws Error(numeric) for values that are not numbers: the network is at fault.
void require_finite(const imaging::Plane& plane);

/// The photograph as [3,H,W] in [0,1], a copy.
inline at::Tensor rgb_tensor_of(const imaging::Photo& photo) {
  auto* bytes = const_cast<uint8_t*>(photo.rgb.data());  // only read from
  return at::from_blob(bytes, {3, photo.height, photo.width}, at::kByte).to(at::kFloat) / 255;
}

}  // namespace restore

#pragma once

#include <ATen/ops/from_blob.h>

#include "restore/plane.h"

namespace restore {

/// The plane's own values as [1,H,W]: only to be read from, and while the plane lives.
inline at::Tensor tensor_of(const Plane& plane) {
  return at::from_blob(const_cast<float*>(plane.values.data()), {1, plane.height, plane.width});
}

}  // namespace restore

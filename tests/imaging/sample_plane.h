#pragma once

#include "common/random.h"
#include "imaging/plane.h"

namespace imaging {

/// Values in [0,1) without any order, so that a shifted, mirrored or lost pixel shows.
inline Plane sample_plane(int64_t height, int64_t width) {
  Plane plane(height, width);
  common::KeyedRandom random(17);
  for (float& value : plane.values) value = static_cast<float>(random.uniform());
  return plane;
}

}  // namespace imaging

#include "restore/plane_tensor.h"

#include <cmath>

#include "common/error.h"

namespace restore {

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

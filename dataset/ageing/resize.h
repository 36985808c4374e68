#pragma once

#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// The picture at another size: linear between pixels when it grows, a triangle as wide as two
/// pixels of the result when it shrinks.
Plane resize(const Plane& plane, int width, int height);

}  // namespace dataset::ageing

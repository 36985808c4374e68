#pragma once

#include <vector>

#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// The right half of a Gaussian kernel of sum 1: weights of the middle, of one pixel away, ...
/// A sigma too small to matter gives {1}.
std::vector<float> gaussian_kernel(double sigma);

/// Convolves rows and columns with the kernel, the border pixels repeated outward.
void smooth(Plane& plane, const std::vector<float>& kernel);

}  // namespace dataset::ageing

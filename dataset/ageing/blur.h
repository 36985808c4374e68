#pragma once

#include <vector>

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// The lens and the enlarger: a Gaussian.
struct Blur {
  double probability = 0;
  common::Range sigma{0.3, 2};
  double skew = 2;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("sigma", sigma, "pixels at 512 on the short side");
    field("skew", skew, "exponent of the draw; 1 is uniform, more prefers low sigmas");
  }
  void validate() const;
};

void apply(const Blur& blur, Canvas& canvas, common::KeyedRandom& random);

/// The right half of a Gaussian kernel of sum 1: weights of the middle, of one pixel away, ...
/// A sigma too small to matter gives {1}.
std::vector<float> gaussian_kernel(double sigma);

/// Convolves rows and columns with the kernel; border pixels are repeated.
void smooth(Channel& plane, const std::vector<float>& kernel);

}  // namespace dataset::ageing

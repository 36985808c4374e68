#include "dataset/ageing/blur.h"

#include "dataset/ageing/draw.h"
#include "dataset/ageing/limits.h"
#include "dataset/ageing/smoothing.h"

namespace dataset::ageing {

void Blur::validate() const {
  check_probability("blur.probability", probability);
  check_range("blur.sigma", sigma, 0, 10);
  check_range("blur.skew", {skew, skew}, 0.1, 10);
}

void apply(const Blur& blur, Canvas& canvas, common::KeyedRandom& random) {
  const double sigma = draw_skewed(blur.sigma, blur.skew, random);
  smooth(canvas.gray, gaussian_kernel(sigma * canvas.unit));
}

}  // namespace dataset::ageing

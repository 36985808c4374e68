#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Film grain: a Gaussian field. Plain grain is white and of one strength everywhere, as in the
/// papers on denoising; the other kind is correlated and strongest in the middle tones.
struct Grain {
  double probability = 0;
  common::Range sigma{5, 50};
  double skew = 3;
  double plain = 0.5;
  common::Range correlation{0, 1.2};
  common::Range tone_dependence{0.2, 0.7};

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("sigma", sigma, "standard deviation in gray levels of 255");
    field("skew", skew, "exponent of the draw; 1 is uniform, more prefers low sigmas");
    field("plain", plain, "share of white noise of one strength");
    field("correlation", correlation, "sigma of the grain's blur, pixels at 512 on the short side");
    field("tone_dependence", tone_dependence, "share of the strength that black and white lose");
  }
  void validate() const;
};

void apply(const Grain& grain, Canvas& canvas, common::KeyedRandom& random);

/// Adds white Gaussian noise; `sigma` with white being 1.
void add_noise(Plane& plane, double sigma, common::KeyedRandom& random);

}  // namespace dataset::ageing

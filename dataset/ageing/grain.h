#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"
#include "dataset/ageing/ranges.h"

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
void add_noise(Channel& plane, double sigma, common::KeyedRandom& random);

/// The noise of the papers on denoising: additive, white, Gaussian, of one strength everywhere and
/// not clipped. It is no part of the aged picture, whose 8 bits cannot hold it: it is added in
/// float when a sample is read.
/// Source: Mao et al., 2016, arXiv 1603.09056, section 4.
struct Awgn {
  common::Range sigma{0, 0};
  double probability = 1;
  bool on_damage = true;

  template <class F>
  void fields(F&& field) {
    field("sigma", sigma,
          "standard deviation in gray levels of 255, added unclipped when samples are read; 0: no "
          "noise");
    field("probability", probability, "share of the samples");
    field("on_damage", on_damage,
          "false: not to samples with any damage, which lies on top of noise and not below it");
  }
  void validate() const {
    check_range("awgn.sigma", sigma, 0, 255);
    check_probability("awgn.probability", probability);
  }
};

/// Adds the noise of `key`, if there is any, to `count` pixels, white being 1. Its sigma is drawn
/// uniformly from the range. Inline: a worker adds it too, and links no picture library.
inline void add_awgn(const Awgn& awgn, uint64_t key, bool is_damaged, float* pixels, size_t count) {
  if (awgn.sigma.high <= 0 || (is_damaged && !awgn.on_damage)) return;
  common::KeyedRandom random(key);
  const double drawn = random.uniform(awgn.sigma.low, awgn.sigma.high);
  if (!random.chance(awgn.probability)) return;
  common::add_normal(common::random_key("awgn field", {key}), static_cast<float>(drawn / 255),
                     pixels, count);
}

}  // namespace dataset::ageing

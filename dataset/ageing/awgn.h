#pragma once

#include <cstddef>
#include <cstdint>

#include "common/config_fields.h"
#include "dataset/ageing/limits.h"

namespace dataset::ageing {

/// The noise of the papers on denoising: additive, white, Gaussian, of one strength everywhere and
/// not clipped. It is no part of the aged picture, whose 8 bits cannot hold it: whoever reads the
/// picture adds it in float.
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

/// Adds the noise of `key`, if it says so, to `count` pixels, white being 1; its sigma is drawn
/// uniformly from the range. [0,0] leaves the pixels as they are, `on_damage` those of a damaged
/// picture.
void add_awgn(const Awgn& awgn, uint64_t key, bool is_damaged, float* pixels, size_t count);

}  // namespace dataset::ageing

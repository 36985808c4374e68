#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"
#include "imaging/plane.h"

namespace dataset::ageing {

/// How a black and white film saw the colours. Without it: luma of BT.601, the network's target.
struct Gray {
  double probability = 0;
  common::Range jitter{0, 0.25};
  double orthochromatic = 0;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "a film's own view of colours instead of BT.601 luma");
    field("jitter", jitter, "spread of the logarithm of each channel's weight");
    field("orthochromatic", orthochromatic, "share of films that are blind to red");
  }
  void validate() const;
};

/// The photo as gray levels; the film mixes the channels in linear light.
Canvas expose(const imaging::Photo& photo, const Gray& gray, common::KeyedRandom& random);

}  // namespace dataset::ageing

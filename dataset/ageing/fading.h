#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Black has lost silver, white has yellowed, the tones between have changed, and the edges more
/// than the middle.
struct Fading {
  double probability = 0;
  common::Range black_lift{0, 0.2};
  common::Range white_drop{0, 0.15};
  common::Range gamma{0.7, 1.4};
  common::Range vignette{0, 0.4};
  double bleached_edges = 0.5;
  common::Range strength{1, 1};

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("black_lift", black_lift, "gray level of black, white being 1");
    field("white_drop", white_drop, "how far white falls short of 1");
    field("gamma", gamma, "exponent of the tone curve");
    field("vignette", vignette, "share of the edges' tone that is lost in the corners");
    field("bleached_edges", bleached_edges, "share of vignettes towards white instead of black");
    field("strength", strength,
          "how far the print has faded as a whole; scales all of the above, 0 is not at all");
  }
  void validate() const;
};

void apply(const Fading& fading, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

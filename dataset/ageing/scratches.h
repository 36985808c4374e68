#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Scratches: long, nearly straight lines, thin towards their ends, broken where they were shallow.
struct Scratches {
  double probability = 0;
  common::Range count{1, 14};
  common::Range length{0.03, 1.1};
  common::Range width{0.7, 4};
  common::Range bend{0, 0.8};
  common::Range alpha{0.3, 1};
  double white = 0.75;
  double cut = 0;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "scratches a picture; low counts more often");
    field("length", length, "share of the short side; short ones more often");
    field("width", width, "pixels at 512 on the short side; thin ones more often");
    field("bend", bend, "radians that a scratch turns from end to end");
    field("alpha", alpha, "opacity");
    field("white", white, "share that is white instead of black");
    field("cut", cut,
          "share that is cut to the paper: opaque from end to end, with hard rims, of any tone");
  }
  void validate() const;
};

void apply(const Scratches& scratches, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

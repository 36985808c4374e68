#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Stains: soft, transparent spots, often with a darker rim where the liquid dried.
struct Stains {
  double probability = 0;
  common::Range count{1, 4};
  common::Range size{20, 220};
  common::Range alpha{0.1, 0.5};
  double dark = 0.6;
  double rimmed = 0.4;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "stains a picture; low counts more often");
    field("size", size, "diameter, pixels at 512 on the short side; small more often");
    field("alpha", alpha, "opacity; weak ones more often");
    field("dark", dark, "share that is darker than the picture");
    field("rimmed", rimmed, "share with a rim");
  }
  void validate() const;
};

void apply(const Stains& stains, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

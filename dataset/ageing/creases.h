#pragma once

#include "common/config_fields.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Folds and cracks of the paper: lines that zigzag and branch, bare paper in the middle, a shadow
/// along one side.
struct Creases {
  double probability = 0;
  common::Range count{1, 5};
  common::Range length{0.15, 1};
  common::Range width{0.7, 5};
  common::Range zigzag{0.1, 0.5};
  common::Range branching{0, 0.12};
  common::Range alpha{0.5, 1};
  common::Range shadow{0.1, 0.5};
  double folded = 0.3;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "creases a picture, their branches not counted; few more often");
    field("length", length, "share of the short side; folds cross the whole picture");
    field("width", width, "pixels at 512 on the short side; thin ones more often");
    field("zigzag", zigzag, "radians by which a step of a crack strays");
    field("branching", branching, "probability of a branch, a step of 8 pixels");
    field("alpha", alpha, "opacity of the bare paper");
    field("shadow", shadow, "opacity of the shadow");
    field("folded", folded, "share of folds: straight across, without branches");
  }
  void validate() const;
};

void apply(const Creases& creases, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

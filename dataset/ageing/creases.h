#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Folds and cracks of the paper: angular lines that branch, bare paper in the middle and flakes of
/// it beside, a shadow along one side. In a crazed picture they grow from each other: a net.
struct Creases {
  double probability = 0;
  common::Range count{1, 6};
  common::Range length{0.15, 1};
  common::Range width{0.7, 5};
  common::Range zigzag{0.15, 0.5};
  common::Range branching{0, 0.2};
  common::Range alpha{0.5, 1};
  common::Range shadow{0.1, 0.5};
  double folded = 0.3;
  double crazed = 0.3;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "creases a picture, their branches not counted; few more often");
    field("length", length, "share of the short side; folds cross the whole picture");
    field("width", width, "pixels at 512 on the short side; thin ones more often");
    field("zigzag", zigzag, "radians by which a crack turns at a kink");
    field("branching", branching, "probability of a branch at a kink");
    field("alpha", alpha, "opacity of the bare paper");
    field("shadow", shadow, "opacity of the shadow");
    field("folded", folded, "share of folds: straight across, without branches");
    field("crazed", crazed, "share of pictures with a net of cracks: four times the count");
  }
  void validate() const;
};

void apply(const Creases& creases, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

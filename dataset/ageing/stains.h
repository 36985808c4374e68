#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Stains: soft, transparent spots, often with a darker rim where the liquid dried; foxing, the
/// brown specks of damp paper; silver that moved to the surface and shines over dark places near
/// the edges.
/// Source of the last two: Reilly, Care and Identification of 19th-Century Photographic Prints,
/// Kodak, 1986.
struct Stains {
  double probability = 0;
  common::Range count{1, 4};
  common::Range size{20, 220};
  common::Range alpha{0.1, 0.5};
  double dark = 0.6;
  double rimmed = 0.4;
  double foxed = 0;
  double silvered = 0;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "stains a picture; low counts more often");
    field("size", size, "diameter, pixels at 512 on the short side; small more often");
    field("alpha", alpha, "opacity; weak ones more often");
    field("dark", dark, "share that is darker than the picture");
    field("rimmed", rimmed, "share with a rim");
    field("foxed", foxed, "share of stained pictures with foxing: clouds of small dark specks");
    field("silvered", silvered,
          "share of stained pictures with silvering: near the edges dark places shine");
  }
  void validate() const;
};

void apply(const Stains& stains, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

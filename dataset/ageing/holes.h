#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Where the picture is gone: flaked blotches, torn edges and corners, scraped strokes, and the
/// worn rim of a print that was carried about. What shows instead is light, dark or between, flat,
/// noisy or stained: the tone does not tell a hole.
struct Holes {
  double probability = 0;
  common::Range count{1, 3};
  common::Range blotch_size{16, 120};
  common::Range torn_depth{0.01, 0.15};
  common::Range stroke_width{5, 24};
  common::Range stroke_length{0.05, 0.5};
  double torn = 0.35;
  double stroked = 0.25;
  double worn = 0.3;
  common::Range worn_depth{0.003, 0.02};
  double even = 0;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("count", count, "holes a picture; low counts more often");
    field("blotch_size", blotch_size,
          "diameter, pixels at 512 on the short side; small more often");
    field("torn_depth", torn_depth, "share of the short side; shallow more often");
    field("stroke_width", stroke_width, "pixels at 512 on the short side; thin more often");
    field("stroke_length", stroke_length, "share of the short side");
    field("torn", torn, "share of torn edges and corners");
    field("stroked", stroked, "share of strokes; the rest are blotches");
    field("worn", worn, "share of pictures that are worn along all edges, most at the corners");
    field("worn_depth", worn_depth, "of the wear, share of the short side; shallow more often");
    field("even", even,
          "share of blotches and strokes with even rims, of all sizes alike, in one flat tone");
  }
  void validate() const;
};

void apply(const Holes& holes, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// Dust, dirt and hair. Sizes follow distributions measured on 35 mm film; `size` enlarges them.
/// The default counts are those of ten frames, from clean to very dirty.
/// Source: Ivanova, Williamson, Henderson, 2022, arXiv 2302.10004.
struct Dust {
  double probability = 0;
  common::Range dust_count{30, 1300};
  common::Range dirt_count{20, 480};
  common::Range short_hair_count{10, 390};
  common::Range long_hair_count{0, 170};
  common::Range size{1, 2.5};
  common::Range alpha{0.3, 1};
  double white = 0.75;

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("dust_count", dust_count, "specks; one draw of dustiness moves this and the next");
    field("dirt_count", dirt_count, "larger, rougher specks");
    field("short_hair_count", short_hair_count,
          "fibres; one draw moves this and the next, few more often");
    field("long_hair_count", long_hair_count, "hairs");
    field("size", size, "lengths relative to a whole frame of 35 mm film");
    field("alpha", alpha, "opacity of each");
    field("white", white, "share that is lighter than the picture");
  }
  void validate() const;
};

void apply(const Dust& dust, Canvas& canvas, common::KeyedRandom& random);

}  // namespace dataset::ageing

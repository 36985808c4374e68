#include "imaging/plane.h"

#include <gmock/gmock.h>

using imaging::Plane;
using testing::ElementsAre;

namespace {

Plane row(std::vector<float> values) {
  Plane plane(1, static_cast<int64_t>(values.size()));
  plane.values = std::move(values);
  return plane;
}

}  // namespace

TEST(Plane, CutsMirrorWithoutRepeatingTheBorder) {
  EXPECT_THAT(crop_with_reflection(row({1, 2, 3}), {0, 1}, {-2, 9}).values,
              ElementsAre(3, 2, 1, 2, 3, 2, 1, 2, 3));
}

TEST(Plane, CutOfOnePixelRepeatsIt) {
  EXPECT_THAT(crop_with_reflection(row({5}), {0, 2}, {0, 2}).values, ElementsAre(5, 5, 5, 5));
}

TEST(Plane, CutTakesTheRowsAndColumnsThatWereNamed) {
  Plane plane(3, 3);
  plane.values = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_THAT(crop_with_reflection(plane, {1, 2}, {0, 2}).values, ElementsAre(3, 4, 6, 7));
}

TEST(Plane, LumaOfWhiteIsOne) { EXPECT_FLOAT_EQ(imaging::luma_of(1, 1, 1), 1); }

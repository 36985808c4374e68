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

TEST(BoxDownsample, TakesTheMeanOfWhatThereIs) {
  const std::vector<std::vector<float>> rows{{0, 2, 10}, {4, 6, 20}, {1, 3, 5}};
  imaging::BoxDownsample shrink(3, 3, 2);
  for (size_t y = 0; y < rows.size(); ++y) shrink.add(static_cast<int64_t>(y), rows[y].data());
  const Plane small = shrink.finish();
  EXPECT_EQ(small.height, 2);
  EXPECT_EQ(small.width, 2);
  EXPECT_THAT(small.values, testing::ElementsAre(3, 15, 2, 5));
}

TEST(BoxDownsample, TheScaleIsTheSmallestThatFits) {
  EXPECT_EQ(imaging::downsample_scale(500, 500, 250'000), 1);
  EXPECT_EQ(imaging::downsample_scale(500, 501, 250'000), 2);
  EXPECT_EQ(imaging::downsample_scale(10'000, 1, 1'000), 10);
  EXPECT_EQ(imaging::downsample_scale(3, 3, 1), 3);  // counted with the border
}

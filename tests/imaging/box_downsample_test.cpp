#include "imaging/box_downsample.h"

#include <gmock/gmock.h>

using imaging::BoxDownsample;
using imaging::Plane;
using imaging::downsample_scale;

TEST(BoxDownsample, TakesTheMeanOfWhatThereIs) {
  const std::vector<std::vector<float>> rows{{0, 2, 10}, {4, 6, 20}, {1, 3, 5}};
  BoxDownsample shrink(3, 3, 2);
  for (size_t y = 0; y < rows.size(); ++y) shrink.add(static_cast<int64_t>(y), rows[y].data());
  const Plane small = shrink.finish();
  EXPECT_EQ(small.height, 2);
  EXPECT_EQ(small.width, 2);
  EXPECT_THAT(small.values, testing::ElementsAre(3, 15, 2, 5));
}

TEST(BoxDownsample, TheScaleIsTheSmallestThatFits) {
  EXPECT_EQ(downsample_scale(500, 500, 250'000), 1);
  EXPECT_EQ(downsample_scale(500, 501, 250'000), 2);
  EXPECT_EQ(downsample_scale(10'000, 1, 1'000), 10);
  EXPECT_EQ(downsample_scale(3, 3, 1), 3);  // counted with the border
}

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "dataset/sharding/patches.h"

namespace dataset {
namespace {

TEST(PatchGrid, CoversEveryPixelWithAsFewPatchesAsCan) {
  for (const auto& [width, height, count] :
       {std::tuple{256, 256, 1U}, {257, 256, 2U}, {819, 512, 8U}, {300, 1000, 8U}}) {
    const std::vector<PatchPlace> places = patch_grid(width, height, 256);
    EXPECT_EQ(places.size(), count);
    std::vector<bool> covered(static_cast<size_t>(width * height));
    for (const PatchPlace& place : places) {
      ASSERT_LE(place.x + 256, width);
      ASSERT_LE(place.y + 256, height);
      for (int y = 0; y < 256; ++y) {
        const auto row = covered.begin() + (place.y + y) * width + place.x;
        std::fill(row, row + 256, true);
      }
    }
    EXPECT_EQ(std::count(covered.begin(), covered.end(), false), 0) << width << " x " << height;
  }
}

TEST(PatchGrid, IsEmptyForAPictureSmallerThanAPatch) {
  EXPECT_TRUE(patch_grid(255, 1000, 256).empty());
  EXPECT_TRUE(patch_grid(1000, 255, 256).empty());
}

TEST(PatchGrid, CutsThePatchAtItsPlaceOfEveryPlane) {
  const std::vector<uint8_t> planes{0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15};  // two of 3 x 2
  std::vector<uint8_t> out(8);
  cut_patch(planes.data(), 2, 3, 2, {1, 0}, 2, out.data());
  EXPECT_EQ(out, (std::vector<uint8_t>{1, 2, 4, 5, 11, 12, 14, 15}));
}

}  // namespace
}  // namespace dataset

#include <gtest/gtest.h>

#include <thread>

#include "dataset/ageing/age_photo.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/ageing/synthetic_photos.h"

namespace dataset::ageing {
namespace {

const AgeingKey kKey{3, 14, 0};

TEST(AgePhoto, IsALumaOfBt601WhenNoStageIsDrawn) {
  const imaging::Photo photo = wavy_photo(120, 80);
  const AgedPhoto aged = age_photo(photo, Recipe{}, {}, kKey);
  EXPECT_EQ(aged.width, 120);
  EXPECT_EQ(aged.height, 80);
  const std::vector<uint8_t> expected = luma(photo);
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(aged.aged[i], expected[i], 1);
  EXPECT_EQ(aged.damage, std::vector<uint8_t>(expected.size(), 0));
}

TEST(AgePhoto, GivesTheSameBytesInAnyThreadAndOrder) {
  const imaging::Photo photo = wavy_photo(160, 120);
  const Recipe recipe = load_recipe("old-photo");
  std::vector<AgedPhoto> forward(6), backward(6);
  std::thread other([&] {
    for (uint64_t v = 0; v < 6; ++v) forward[v] = age_photo(photo, recipe, {}, {1, 2, v});
  });
  for (uint64_t v = 6; v-- > 0;) backward[v] = age_photo(photo, recipe, {}, {1, 2, v});
  other.join();
  for (size_t v = 0; v < 6; ++v) {
    EXPECT_EQ(forward[v].aged, backward[v].aged);
    EXPECT_EQ(forward[v].damage, backward[v].damage);
  }
}

TEST(AgePhoto, DependsOnSeedPhotoAndVariant) {
  const imaging::Photo photo = wavy_photo(64, 64);
  Recipe recipe;
  recipe.grain.probability = 1;
  const AgedPhoto first = age_photo(photo, recipe, {}, {1, 2, 3});
  EXPECT_NE(first.aged, age_photo(photo, recipe, {}, {9, 2, 3}).aged);
  EXPECT_NE(first.aged, age_photo(photo, recipe, {}, {1, 9, 3}).aged);
  EXPECT_NE(first.aged, age_photo(photo, recipe, {}, {1, 2, 9}).aged);
}

TEST(AgePhoto, LeavesTheOtherStagesDrawsWhenOneIsSwitchedOff) {
  const imaging::Photo photo = wavy_photo(200, 150);
  Recipe recipe;
  recipe.scratches.probability = recipe.grain.probability = recipe.holes.probability = 1;
  const AgedPhoto with_grain = age_photo(photo, recipe, {}, kKey);
  recipe.grain.probability = 0;
  recipe.fading.probability = 1;
  EXPECT_EQ(with_grain.damage, age_photo(photo, recipe, {}, kKey).damage);
}

TEST(AgePhoto, DrawsEachStageByItself) {
  const imaging::Photo photo = flat_photo(64, 64, 128, 128, 128);
  Recipe recipe;
  recipe.fading.probability = recipe.stains.probability = 0.5;
  recipe.fading.black_lift = {0.2, 0.2};
  int num_both = 0;
  for (uint64_t v = 0; v < 400; ++v) {
    const AgedPhoto aged = age_photo(photo, recipe, {}, {1, 1, v});
    const bool is_faded = aged.aged[0] != 128, is_stained = mean(aged.damage) > 0;
    num_both += is_faded && is_stained;
  }
  EXPECT_NEAR(num_both, 100, 35);  // 200 if both stages drew the same numbers
}

TEST(AgePhoto, AgesOldPhotosToFifteenToTwentyFourDecibelsOnAverage) {
  const imaging::Photo photo = wavy_photo(384, 256);
  const Recipe recipe = load_recipe("old-photo");
  double sum = 0;
  for (uint64_t v = 0; v < 40; ++v) {
    const double quality = psnr(age_photo(photo, recipe, {}, {5, 0, v}).aged, luma(photo));
    EXPECT_GT(quality, 8);  // still legible
    sum += quality;
  }
  EXPECT_GT(sum / 40, 15);
  EXPECT_LT(sum / 40, 24);
}

TEST(AgePhoto, AgesPicturesOfOnePixelAndOfOneRow) {
  Recipe recipe = load_recipe("old-photo");
  for (uint64_t v = 0; v < 30; ++v) {
    EXPECT_EQ(age_photo(flat_photo(1, 1, 9, 9, 9), recipe, {}, {1, 1, v}).aged.size(), 1U);
    EXPECT_EQ(age_photo(flat_photo(301, 1, 9, 9, 9), recipe, {}, {1, 1, v}).damage.size(), 301U);
  }
}

TEST(AgePhoto, RefusesPixelsThatDoNotFitTheSize) {
  imaging::Photo photo = flat_photo(8, 8, 0, 0, 0);
  photo.rgb.pop_back();
  for (const imaging::Photo& wrong : {photo, imaging::Photo{}}) {
    tests::expect_error(common::ErrorKind::corrupt, "expected three planes",
                        [&] { age_photo(wrong, Recipe{}, {}, kKey); });
  }
}

}  // namespace
}  // namespace dataset::ageing

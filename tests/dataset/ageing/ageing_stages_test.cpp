#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "dataset/ageing/age_photo.h"
#include "dataset/ageing/blur.h"
#include "dataset/ageing/jpeg.h"
#include "dataset/ageing/scan.h"
#include "dataset/ageing/stroke.h"
#include "tests/dataset/ageing/synthetic_photos.h"

namespace dataset::ageing {
namespace {

const AgeingKey kStageKey{3, 14, 0};

TEST(Gray, MixesInLinearLight) {
  Recipe recipe;
  recipe.gray.probability = 1;
  recipe.gray.jitter = {0, 0};
  // Pure green of linear light 0.587: sRGB 1.055 * 0.587^(1/2.4) - 0.055 = 0.790.
  const AgedPhoto aged = age_photo(flat_photo(4, 4, 0, 255, 0), recipe, {}, kStageKey);
  EXPECT_NEAR(aged.aged[0], 0.7900 * 255, 1);
  EXPECT_NEAR(age_photo(flat_photo(4, 4, 77, 77, 77), recipe, {}, kStageKey).aged[0], 77, 1);
}

TEST(Gray, OrthochromaticFilmIsBlindToRed) {
  Recipe recipe;
  recipe.gray.probability = recipe.gray.orthochromatic = 1;
  recipe.gray.jitter = {0, 0};
  EXPECT_LT(age_photo(flat_photo(4, 4, 255, 0, 0), recipe, {}, kStageKey).aged[0], 45);
  EXPECT_GT(age_photo(flat_photo(4, 4, 0, 0, 255), recipe, {}, kStageKey).aged[0], 150);
}

TEST(Fading, LiftsBlackDropsWhiteAndBendsTheMiddle) {
  Recipe recipe;
  recipe.fading.probability = 1;
  recipe.fading.black_lift = {0.2, 0.2};
  recipe.fading.white_drop = {0.1, 0.1};
  recipe.fading.gamma = {2, 2};
  recipe.fading.vignette = {0, 0};
  const auto faded = [&](uint8_t level) {
    return age_photo(flat_photo(4, 4, level, level, level), recipe, {}, kStageKey).aged[0];
  };
  EXPECT_EQ(faded(0), 51);
  EXPECT_NEAR(faded(255), 229.5, 0.6);
  EXPECT_NEAR(faded(128), 51 + 178.5 * 0.252, 1);
}

TEST(Fading, StrengthScalesAllOfIt) {
  Recipe recipe;
  recipe.fading = {1, {0.2, 0.2}, {0.1, 0.1}, {2, 2}, {0, 0}, 0, {0.5, 0.5}};
  const auto faded = [&](uint8_t level) {
    return age_photo(flat_photo(4, 4, level, level, level), recipe, {}, kStageKey).aged[0];
  };
  EXPECT_NEAR(faded(0), 0.1 * 255, 0.6);
  EXPECT_NEAR(faded(255), 0.95 * 255, 0.6);
  EXPECT_NEAR(faded(128), 255 * (0.1 + 0.85 * std::pow(128 / 255.0, std::sqrt(2.0))), 1);
}

TEST(Fading, VignetteReachesTheCornersAndSparesTheMiddle) {
  Recipe recipe;
  recipe.fading = {1, {0, 0}, {0, 0}, {1, 1}, {0.4, 0.4}, 0};
  const AgedPhoto aged = age_photo(flat_photo(101, 101, 200, 200, 200), recipe, {}, kStageKey);
  EXPECT_NEAR(aged.aged[0], 200 * 0.6, 4);
  EXPECT_NEAR(aged.aged[50 * 101], 200 * 0.9, 2);  // r^4 = 1/4 in the middle of a square's side
  EXPECT_EQ(aged.aged[50 * 101 + 50], 200);
}

TEST(Grain, HasTheSigmaThatWasAskedForWhetherWhiteOrCorrelated) {
  const imaging::Photo photo = flat_photo(512, 512, 128, 128, 128);
  Recipe recipe;
  recipe.grain.probability = 1;
  recipe.grain.sigma = {25, 25};
  for (const double plain : {1.0, 0.0}) {
    recipe.grain.plain = plain;
    recipe.grain.correlation = {1, 1};
    const AgedPhoto aged = age_photo(photo, recipe, {}, kStageKey);
    EXPECT_NEAR(deviation(aged.aged), 25, 0.75) << "plain " << plain;
    EXPECT_NEAR(mean(aged.aged), 128, 0.75);
    double product =
        0;  // of neighbours: exp(-1 / (4 sigma^2)) of the variance after a blur by sigma
    for (size_t i = 1; i < aged.aged.size(); ++i) {
      product += (aged.aged[i] - 128.0) * (aged.aged[i - 1] - 128.0);
    }
    const double correlation = product / static_cast<double>(aged.aged.size()) / (25 * 25);
    EXPECT_NEAR(correlation, plain == 1 ? 0 : 0.78, 0.03);
  }
}

TEST(Grain, IsWeakerInBlackAndWhite) {
  Recipe recipe;
  recipe.grain = {1, {8, 8}, 1, 0, {0, 0}, {0.5, 0.5}};
  const auto grain_of = [&](uint8_t level) {
    return deviation(
        age_photo(flat_photo(256, 256, level, level, level), recipe, {}, kStageKey).aged);
  };
  EXPECT_NEAR(grain_of(128), 8, 0.3);
  EXPECT_NEAR(grain_of(26), 8 * (1 - 0.5 * 0.634), 0.3);
}

TEST(Smoothing, SpreadsAPointOverAGaussianOfTheSameSum) {
  Channel plane(41, 41);
  plane.row(20)[20] = 1;
  smooth(plane, gaussian_kernel(2));
  double sum = 0, spread = 0;
  for (int y = 0; y < 41; ++y) {
    for (int x = 0; x < 41; ++x) {
      sum += plane.row(y)[x];
      spread += static_cast<double>(plane.row(y)[x]) * (x - 20) * (x - 20);
    }
  }
  EXPECT_NEAR(sum, 1, 1e-4);
  EXPECT_NEAR(spread, 4, 0.15);  // the kernel ends at 3 sigma
  EXPECT_FLOAT_EQ(plane.row(17)[20], plane.row(20)[17]);
}

TEST(Resize, KeepsARampInItsPlace) {
  Channel ramp(64, 8);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 64; ++x) ramp.row(y)[x] = static_cast<float>(x) / 64;
  }
  const Channel half = resize(ramp, 32, 4);
  for (int x = 4; x < 28; ++x) EXPECT_NEAR(half.row(2)[x], (2 * x + 0.5) / 64, 1e-4);
  const Channel back = resize(half, 64, 8);
  for (int x = 8; x < 56; ++x) EXPECT_NEAR(back.row(4)[x], ramp.row(4)[x], 1e-4);
}

TEST(Stroke, CoversItsAreaAlsoWhereThinnerThanAPixel) {
  const Channel picture(100, 100);
  for (const double width : {0.5, 1.0, 3.0, 9.0}) {
    const Mask mask = draw_stroke(picture, {{20.3, 30.7, width / 2}, {80.1, 61.2, width / 2}});
    double area = 0;
    for (int y = mask.top(); y < mask.bottom(); ++y) {
      for (int x = mask.left(); x < mask.right(); ++x) area += mask.row(y)[x - mask.left()];
    }
    const double body = std::hypot(80.1 - 20.3, 61.2 - 30.7) * width;
    const double round_ends = std::numbers::pi / 4 * width * width;
    EXPECT_NEAR(area, body + round_ends, 0.01 * body + 1) << width;
  }
}

TEST(Jpeg, LosesMoreAtALowerQuality) {
  const imaging::Photo photo = wavy_photo(99, 61);
  const std::vector<uint8_t> clean = luma(photo);
  Channel plane(99, 61);
  for (size_t i = 0; i < clean.size(); ++i) plane.values[i] = static_cast<float>(clean[i]) / 255;
  const double fine = psnr(to_bytes(through_jpeg(plane, 95)), clean);
  const double coarse = psnr(to_bytes(through_jpeg(plane, 40)), clean);
  EXPECT_GT(fine, 40);
  EXPECT_GT(coarse, 25);
  EXPECT_GT(fine, coarse + 5);
}

TEST(Scan, LeavesLessDetailAndNoDamage) {
  const imaging::Photo photo = wavy_photo(200, 160);
  Recipe recipe;
  recipe.scan = {1, {0.7, 0.7}, {3, 3}, {0.5, 0.5}, 1, {40, 40}};
  const AgedPhoto aged = age_photo(photo, recipe, {}, kStageKey);
  const double quality = psnr(aged.aged, luma(photo));
  EXPECT_GT(quality, 26);
  EXPECT_LT(quality, 42);
  EXPECT_EQ(mean(aged.damage), 0);
}

}  // namespace
}  // namespace dataset::ageing

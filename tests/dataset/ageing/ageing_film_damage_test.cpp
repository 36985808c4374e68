#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "dataset/ageing/recipe.h"

namespace dataset::ageing {
namespace {

constexpr double kFrameShortSide = 3400;

/// Quartiles of the areas of hand-drawn polygons around real damage on ten scanned 35 mm frames, in
/// pixels of a frame of about 5000 x 3400. A polygon through the centres of a particle's rim leaves
/// out half of the rim's pixels, so small particles are in truth a little larger.
/// Source: Ivanova, Williamson, Henderson, 2022, arXiv 2302.10004, and its published annotations:
/// 7631 dust, 2700 dirt, 1341 short hair, 399 long hair, 66 scratches.
struct Measured {
  const char* kind;
  std::array<double, 3> quartiles;
  std::function<void(Dust&)> switch_on;
};

std::vector<Measured> measured_particles() {
  return {{"dust",
           {46, 56, 76},
           [](Dust& d) {
             d.dust_count = {1, 1};
           }},
          {"dirt",
           {84, 120, 184},
           [](Dust& d) {
             d.dirt_count = {1, 1};
           }},
          {"short hair",
           {155, 273, 432},
           [](Dust& d) {
             d.short_hair_count = {1, 1};
           }},
          {"long hair", {624, 914, 1287}, [](Dust& d) {
             d.long_hair_count = {1, 1};
           }}};
}

/// Share of the measured frames' area that is damaged: lowest, median and highest of the ten.
constexpr double kLowestCoverage = 0.00198, kHighestCoverage = 0.02205;

/// A stage without any particles, opaque, so that the damage of one is its area.
Dust no_dust() {
  Dust dust;
  dust.dust_count = dust.dirt_count = dust.short_hair_count = dust.long_hair_count = {0, 0};
  dust.alpha = {1, 1};
  return dust;
}

double damaged_pixels(const Canvas& canvas) {
  double sum = 0;
  for (const float intact : canvas.intact.values) sum += 1 - intact;
  return sum;
}

template <class Stage>
std::array<double, 3> area_quartiles(const Stage& stage, int side) {
  constexpr size_t kDraws = 300;
  std::vector<double> areas;
  for (uint64_t key = 0; key < kDraws; ++key) {
    Canvas canvas(side, side);
    common::KeyedRandom random(key);
    apply(stage, canvas, random);
    areas.push_back(damaged_pixels(canvas));
  }
  std::sort(areas.begin(), areas.end());
  return {areas[kDraws / 4], areas[kDraws / 2], areas[kDraws * 3 / 4]};
}

TEST(FilmDamage, ParticlesHaveTheAreasOfRealOnes) {
  constexpr int kSide = 600;  // so that few hairs leave the picture
  for (const auto& [kind, quartiles, switch_on] : measured_particles()) {
    Dust dust = no_dust();
    dust.size = {kFrameShortSide / kSide, kFrameShortSide / kSide};  // a pixel is the frame's
    switch_on(dust);
    const auto drawn = area_quartiles(dust, kSide);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(drawn[i] / quartiles[i], 1, 0.35) << kind << ", quartile " << i + 1;
    }
  }
}

TEST(FilmDamage, ScratchesHaveTheAreasOfRealOnes) {
  constexpr int kSide = 340;
  constexpr double kFramePixels = (kFrameShortSide / kSide) * (kFrameShortSide / kSide);
  Scratches scratches;
  scratches.count = {1, 1};
  scratches.alpha = {1, 1};
  const auto drawn = area_quartiles(scratches, kSide);
  EXPECT_NEAR(drawn[1] * kFramePixels / 2163, 1, 0.5);  // 66 of them: the median itself is vague
  EXPECT_GT(drawn[0] * kFramePixels, 860 / 2.5);
  EXPECT_LT(drawn[2] * kFramePixels, 3774 * 2.5);
}

/// Shares of the picture that dust and scratches cover, sorted.
std::vector<double> coverages(Dust dust, Scratches scratches) {
  dust.size = dust.alpha = scratches.alpha = {1, 1};
  std::vector<double> shares;
  for (uint64_t key = 0; key < 100; ++key) {
    Canvas canvas(450, 306);
    common::KeyedRandom random(key);
    apply(dust, canvas, random);
    apply(scratches, canvas, random);
    shares.push_back(damaged_pixels(canvas) / (450 * 306));
  }
  std::sort(shares.begin(), shares.end());
  return shares;
}

TEST(FilmDamage, DefaultsCoverWhatIsCoveredOfRealFrames) {
  const std::vector<double> shares = coverages({}, {});
  EXPECT_NEAR(shares[50] / 0.0117, 1, 0.25);  // the median of the ten
  EXPECT_GT(shares[5], kLowestCoverage);
  EXPECT_LT(shares[80], kHighestCoverage);
}

TEST(FilmDamage, OldPhotosAtTheSizeOfFilmAreAsDirtyAsRealFrames) {
  const Recipe recipe = load_recipe("old-photo");
  const std::vector<double> shares = coverages(recipe.dust, recipe.scratches);
  EXPECT_GT(shares[10], kLowestCoverage);
  EXPECT_LT(shares[95], kHighestCoverage);
}

}  // namespace
}  // namespace dataset::ageing

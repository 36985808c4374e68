#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "dataset/ageing/age_photo.h"
#include "tests/dataset/ageing/synthetic_photos.h"

namespace dataset::ageing {
namespace {

/// The probability of each of the five stages of damage, with its name.
struct DamageStage {
  const char* name;
  std::function<void(Recipe&)> switch_on;
};

const std::vector<DamageStage>& damage_stages() {
  static const std::vector<DamageStage> stages{
      {"dust", [](Recipe& r) { r.dust.probability = 1; }},
      {"scratches", [](Recipe& r) { r.scratches.probability = 1; }},
      {"creases", [](Recipe& r) { r.creases.probability = 1; }},
      {"holes", [](Recipe& r) { r.holes.probability = 1; }},
      {"stains", [](Recipe& r) { r.stains.probability = 1; }}};
  return stages;
}

AgedPhoto age_with(const imaging::Photo& photo, const DamageStage& stage, uint64_t variant) {
  Recipe recipe;
  stage.switch_on(recipe);
  return age_photo(photo, recipe, {}, {8, 1, variant});
}

TEST(Damage, MarksEveryPixelThatItChangesAndNoOther) {
  const imaging::Photo photo = flat_photo(240, 180, 128, 128, 128);
  for (const DamageStage& stage : damage_stages()) {
    int64_t num_damaged = 0;
    for (uint64_t v = 0; v < 8; ++v) {
      const AgedPhoto aged = age_with(photo, stage, v);
      for (size_t i = 0; i < aged.aged.size(); ++i) {
        const int change = std::abs(aged.aged[i] - 128);
        // Opacity a moves gray 128 by at most 128 a; noise in a fill may add a third.
        ASSERT_LE(change, aged.damage[i] * 0.7 + 1) << stage.name << " variant " << v;
        num_damaged += aged.damage[i] > 0;
      }
    }
    EXPECT_GT(num_damaged, 100) << stage.name;
  }
}

TEST(Damage, IsTheUnionOfItsStages) {
  const imaging::Photo photo = flat_photo(240, 180, 90, 120, 60);
  Recipe all;
  for (const DamageStage& stage : damage_stages()) stage.switch_on(all);
  std::vector<double> intact(240 * 180, 1);
  for (const DamageStage& stage : damage_stages()) {
    const AgedPhoto alone = age_with(photo, stage, 4);
    for (size_t i = 0; i < intact.size(); ++i) intact[i] *= 1 - alone.damage[i] / 255.0;
  }
  const AgedPhoto together = age_photo(photo, all, {}, {8, 1, 4});
  for (size_t i = 0; i < intact.size(); ++i) {
    ASSERT_NEAR(together.damage[i], 255 * (1 - intact[i]), 2.5);  // each mask was rounded
  }
}

TEST(Damage, SparesTwelveInAHundredOldPhotos) {
  Recipe recipe = load_recipe("old-photo");
  for (const DamageStage& stage : damage_stages()) stage.switch_on(recipe);
  recipe.gray = {};
  recipe.grain = {};
  recipe.scan = {};
  const imaging::Photo photo = flat_photo(48, 48, 100, 100, 100);
  int num_undamaged = 0;
  for (uint64_t v = 0; v < 1000; ++v) {
    num_undamaged += mean(age_photo(photo, recipe, {}, {1, 1, v}).damage) == 0;
  }
  EXPECT_GE(num_undamaged, 90);
  EXPECT_LE(num_undamaged, 150);
}

TEST(Age, OfNoneIsLumaAsItIsUnderTheSameDamage) {
  Recipe recipe;
  recipe.gray = {.probability = 1, .jitter = {0.5, 0.5}};
  recipe.fading.probability = recipe.blur.probability = recipe.grain.probability = 1;
  recipe.scan.probability = recipe.scratches.probability = 1;
  const imaging::Photo photo = flat_photo(48, 48, 200, 100, 50);
  const AgedPhoto old = age_photo(photo, recipe, {}, {1, 1, 1});
  recipe.age.none = 1;
  const AgedPhoto young = age_photo(photo, recipe, {}, {1, 1, 1});
  EXPECT_EQ(young.damage, old.damage);
  int num_intact = 0;
  for (size_t i = 0; i < young.aged.size(); ++i) {
    if (young.damage[i] != 0) continue;
    ++num_intact;
    EXPECT_NEAR(young.aged[i], 0.299 * 200 + 0.587 * 100 + 0.114 * 50, 0.51);
  }
  EXPECT_GT(num_intact, 1000);
  EXPECT_NE(young.aged, old.aged);
}

TEST(Damage, StaysAtAFewPerCentOfTheAreaAtAnySize) {
  const Recipe recipe = load_recipe("old-photo");
  std::vector<double> shares;
  for (const int side : {160, 480}) {
    const imaging::Photo photo = flat_photo(side * 3 / 2, side, 100, 100, 100);
    double sum = 0;
    for (uint64_t v = 0; v < 60; ++v) {
      sum += mean(age_photo(photo, recipe, {}, {2, 1, v}).damage) / 255;
    }
    shares.push_back(sum / 60);
  }
  EXPECT_GT(shares[1], 0.005);
  EXPECT_LT(shares[1], 0.06);
  EXPECT_NEAR(shares[0] / shares[1], 1, 0.25);
}

TEST(Damage, OfPicturesThatDidNotAgeIsDenserAndTheyAloneAreCut) {
  const imaging::Photo photo = flat_photo(240, 240, 128, 128, 128);
  Recipe recipe;
  recipe.scratches = {
      .probability = 1, .count = {2, 2}, .width = {3, 3}, .alpha = {0.5, 0.5}, .cut = 1};
  recipe.damage.dense = 5;
  const auto damage_of = [&](uint64_t v) { return age_photo(photo, recipe, {}, {4, 1, v}).damage; };
  for (uint64_t v = 0; v < 5; ++v) {
    recipe.age.none = 0;
    const std::vector<uint8_t> old = damage_of(v);
    EXPECT_LT(*std::max_element(old.begin(), old.end()), 240);  // two of half the opacity may cross
    recipe.age.none = 1;
    const std::vector<uint8_t> young = damage_of(v);
    EXPECT_EQ(*std::max_element(young.begin(), young.end()), 255);
    EXPECT_GT(mean(young), 2 * mean(old));
  }
}

TEST(Damage, SparesOfPicturesThatDidNotAgeAsManyAsIsSaid) {
  const imaging::Photo photo = flat_photo(64, 64, 128, 128, 128);
  Recipe recipe;
  recipe.holes = {.probability = 1, .count = {1, 1}, .worn = 0};
  recipe.damage.spared = 0.7;
  const auto num_intact = [&](double not_aged) {
    recipe.age.none = not_aged;
    int count = 0;
    for (uint64_t v = 0; v < 200; ++v) {
      count += mean(age_photo(photo, recipe, {}, {4, 1, v}).damage) == 0;
    }
    return count;
  };
  EXPECT_EQ(num_intact(0), 0);
  EXPECT_NEAR(num_intact(1), 140, 30);
}

TEST(Damage, FoxingIsManySmallDarkSpecks) {
  const imaging::Photo photo = flat_photo(512, 512, 220, 220, 220);
  Recipe recipe;
  recipe.stains = {.probability = 1, .count = {0, 0}, .foxed = 1};
  for (uint64_t v = 0; v < 5; ++v) {
    const AgedPhoto aged = age_photo(photo, recipe, {}, {4, 1, v});
    int64_t num_specked = 0;
    for (size_t i = 0; i < aged.aged.size(); ++i) {
      EXPECT_LE(aged.aged[i], 220);
      num_specked += aged.damage[i] > 0;
    }
    EXPECT_GT(num_specked, 50);
    EXPECT_LT(num_specked, 512 * 512 / 4);
  }
}

TEST(Damage, SilveringShinesInDarkPlacesNearTheEdges) {
  const imaging::Photo dark = flat_photo(300, 300, 20, 20, 20);
  const imaging::Photo bright = flat_photo(300, 300, 180, 180, 180);
  Recipe recipe;
  recipe.stains = {.probability = 1, .count = {0, 0}, .silvered = 1};
  for (uint64_t v = 0; v < 5; ++v) {
    const AgedPhoto aged = age_photo(dark, recipe, {}, {4, 1, v});
    const auto at = [&](size_t x, size_t y) { return aged.aged[y * 300 + x]; };
    EXPECT_GT(at(0, 150), 20 + 20);
    EXPECT_LT(at(150, 150), at(0, 150));
    EXPECT_EQ(mean(age_photo(bright, recipe, {}, {4, 1, v}).damage), 0);
  }
}

TEST(Damage, HolesAreNotAlwaysWhite) {
  const imaging::Photo photo = flat_photo(256, 256, 128, 128, 128);
  Recipe recipe;
  recipe.holes.probability = 1;
  int num_light = 0, num_dark = 0;
  for (uint64_t v = 0; v < 40; ++v) {
    const AgedPhoto aged = age_photo(photo, recipe, {}, {6, 1, v});
    double sum = 0, count = 0;
    for (size_t i = 0; i < aged.aged.size(); ++i) {
      if (aged.damage[i] < 255) continue;
      sum += aged.aged[i];
      ++count;
    }
    ASSERT_GT(count, 0) << v;
    num_light += sum / count > 160;
    num_dark += sum / count < 100;
  }
  EXPECT_GE(num_light, 8);
  EXPECT_GE(num_dark, 8);
}

}  // namespace
}  // namespace dataset::ageing

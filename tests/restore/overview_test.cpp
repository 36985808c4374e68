#include "restore/overview.h"

#include <gmock/gmock.h>

#include "tests/imaging/sample_plane.h"
#include "tests/restore/fake_networks.h"

using imaging::Plane;
using restore::enlarge_row;
using restore::MendingNetwork;
using restore::Overview;

namespace {

/// Dark gray with a white square of this side.
Plane luma_with_square(int64_t side) {
  Plane luma(90, 110);
  luma.values.assign(luma.values.size(), 0.25F);
  for (int64_t y = 30; y < 30 + side; ++y) std::fill_n(luma.row(y) + 20, side, 1.0F);
  return luma;
}

Overview view_of(const Plane& luma, int64_t hole_pixels, const Plane& known = {}) {
  MendingNetwork network({.damaged_above = 0.9F});
  return make_overview(network, luma, known, 2, {.holes = true, .hole_pixels = hole_pixels});
}

}  // namespace

TEST(Overview, EnlargesLinearlyBetweenPixelCentres) {
  Plane small(2, 3);
  small.values = {0, 1, 2, 10, 11, 12};
  std::vector<float> row(6);
  enlarge_row(small, 2, 0, {0, 6}, row.data());
  EXPECT_THAT(row, testing::ElementsAre(0, 0.25F, 0.75F, 1.25F, 1.75F, 2));
  enlarge_row(small, 2, 1, {2, 2}, row.data());
  EXPECT_FLOAT_EQ(row[0], 0.75F + 2.5F);
  enlarge_row(small, 2, 9, {5, 1}, row.data());  // beyond the end: the last
  EXPECT_FLOAT_EQ(row[0], 12);
}

TEST(Overview, OfScaleOneIsThePictureItself) {
  const Plane plane = imaging::sample_plane(5, 7);
  std::vector<float> row(7);
  for (int64_t y = 0; y < 5; ++y) {
    enlarge_row(plane, 1, y, {0, 7}, row.data());
    for (size_t x = 0; x < 7; ++x) EXPECT_NEAR(row[x], plane.row(y)[x], 1e-6) << x << " " << y;
  }
}

TEST(Overview, AWideHoleIsInpaintedAndANarrowOneLeftToTheTiles) {
  const Overview wide = view_of(luma_with_square(30), 40);
  ASSERT_FALSE(wide.hole.values.empty());
  EXPECT_EQ(wide.hole.height, 90);
  EXPECT_EQ(wide.hole.width, 110);
  EXPECT_EQ(wide.hole.row(45)[35], 1);
  EXPECT_NEAR(wide.luma.row(45)[35], 0.25F, 1e-4);
  EXPECT_EQ(wide.hole.row(10)[35], 0);
  EXPECT_TRUE(view_of(luma_with_square(15), 40).hole.values.empty());
}

TEST(Overview, KeepsTheDamageThatIsAskedFor) {
  const restore::MendingNetwork::Says says{.damaged_above = 0.9F};
  const auto damage = [&](bool asked) {
    restore::MendingNetwork network(says);
    return make_overview(network, luma_with_square(4), {}, 2, {.damage = asked}).damage;
  };
  EXPECT_NEAR(damage(true).row(31)[21], 1, 1e-6);
  EXPECT_NEAR(damage(true).row(10)[21], 0, 1e-6);
  EXPECT_TRUE(damage(false).values.empty());
}

TEST(Overview, WhatAPersonMarkedIsAHoleToo) {
  Plane luma = luma_with_square(0);
  Plane known(90, 110);
  known.values.assign(known.values.size(), -1);
  for (int64_t y = 30; y < 60; ++y) std::fill_n(known.row(y) + 20, 30, 1.0F);
  EXPECT_TRUE(view_of(luma, 40).hole.values.empty());
  EXPECT_EQ(view_of(luma, 40, known).hole.row(45)[35], 1);
}

TEST(Overview, ANetworkThatDoesNotInpaintHasNoHoles) {
  restore::IdentityNetwork network;  // all its damage is at least doubtful
  const auto view =
      make_overview(network, luma_with_square(30), {}, 2, {.holes = true, .hole_pixels = 8});
  EXPECT_TRUE(view.hole.values.empty());
}

TEST(Overview, HolesAreThoseOfTheShiftedDamage) {
  MendingNetwork network({.damaged_above = 0.9F, .certainty = 1});
  const auto holes = [&](double shift) {
    return make_overview(network, luma_with_square(30), {}, 2,
                         {.holes = true, .hole_pixels = 40, .rule = {.shift = shift}});
  };
  EXPECT_FALSE(holes(0).hole.values.empty());
  EXPECT_TRUE(holes(-1.5).hole.values.empty());
  EXPECT_EQ(holes(0).sure_share, 0);
  EXPECT_NEAR(holes(1.5).sure_share, 30.0 * 30 / (96 * 112), 0.01);
  EXPECT_EQ(holes(3.5).sure_share, 1);
}

TEST(Overview, LevelsSayHowSureTheNetworkIs) {
  for (const float certainty : {2.0F, 30.0F}) {
    MendingNetwork network({.damaged_above = 0.9F, .certainty = certainty});
    const auto view = damage_levels(network, luma_with_square(30), {}, {},
                                    [](double) { return model::DamageRule{}; });
    EXPECT_EQ(view.width, 110);
    EXPECT_EQ(view.height, 90);
    EXPECT_EQ(view.levels[0], certainty == 2 ? 128 - 32 : 0);
    EXPECT_EQ(view.levels[45 * 110 + 35], certainty == 2 ? 128 + 32 : 255);
  }
}

TEST(Overview, LevelsAreThoseOfWhatIsTakenForDamage) {
  MendingNetwork network({.damaged_above = 0.9F, .certainty = 3});
  double share = 0;
  const auto view = damage_levels(network, luma_with_square(30), {}, {}, [&](double sure_share) {
    share = sure_share;
    return model::DamageRule{.shift = 1};
  });
  EXPECT_NEAR(share, 900.0 / (96 * 112), 0.01);
  EXPECT_EQ(view.levels[0], 128 - 32);
  EXPECT_EQ(view.levels[45 * 110 + 35], 128 + 64);
}

TEST(Overview, WhatIsFoundInTheSmallVersionCounts) {
  MendingNetwork network({.damaged_above = 0.9F, .certainty = 3});
  Plane small(45, 55);
  small.row(10)[20] = 1;
  double share = 0;
  const auto view = damage_levels(network, luma_with_square(30), {}, small, [&](double sure_share) {
    share = sure_share;
    return model::DamageRule{};
  });
  EXPECT_LT(share, 0.001);
  EXPECT_EQ(view.width, 110);
  EXPECT_EQ(view.levels[0], 128 - 48);
  EXPECT_EQ(view.levels[45 * 110 + 35], 128 + 48) << "here";
  EXPECT_GT(view.levels[20 * 110 + 40], 128) << "there";
}

TEST(Overview, ColoursAreLinesOverTheWhole) {
  restore::MoodNetwork network;
  const Plane luma = luma_with_square(0);
  const auto view = make_overview(network, luma, {}, 2, {.colours = true});
  ASSERT_TRUE(view.colours);
  EXPECT_EQ(view.colours->blue_slope.values.size(), luma.values.size());
  for (size_t i = 0; i < luma.values.size(); ++i) {
    ASSERT_NEAR(view.colours->red_slope.values[i] * 0.25F + view.colours->red_offset.values[i],
                -0.25F, 1e-4);
  }
}

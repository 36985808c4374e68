#include "restore/tile_restorer.h"

#include <gmock/gmock.h>

#include "tests/common/expect_error.h"
#include "tests/imaging/sample_plane.h"
#include "tests/restore/fake_networks.h"

using imaging::Plane;
using restore::MendingNetwork;
using restore::Strengths;
using restore::TileLayers;
using restore::TileRestorer;
using testing::Each;
using testing::FloatNear;

namespace {

constexpr int64_t kSide = 64;

Plane flat(float value) {
  Plane plane(kSide, kSide);
  plane.values.assign(plane.values.size(), value);
  return plane;
}

/// A square in the middle.
void mark(Plane& plane, float value) {
  for (int64_t y = 24; y < 40; ++y) std::fill_n(plane.row(y) + 24, 16, value);
}

std::vector<Plane> restored_by(const MendingNetwork::Says& says, const Strengths& strengths,
                               const std::vector<Plane>& tile, const TileLayers& layers = {}) {
  MendingNetwork network(says);
  const restore::Overview none;
  TileRestorer restorer(network, strengths, layers, none);
  return restorer(tile, {0, kSide}, {0, kSide});
}

/// Makes fine grain of opposite sign, nothing slow.
class GrainyNetwork : public restore::IdentityNetwork {
 public:
  model::Restoration forward(const at::Tensor& aged, const at::Tensor&,
                             const model::DamageRule&) override {
    at::Tensor luma = aged.clone();
    float* values = luma.mutable_data_ptr<float>();
    for (int64_t i = 0; i < luma.numel(); ++i) values[i] += i % 2 == 0 ? 0.1F : -0.1F;
    return {luma, {}, {}};
  }
};

}  // namespace

TEST(TileRestorer, SlowChangesAreToneAndNotGrain) {
  const std::vector<Plane> tile{flat(0.5F)};
  EXPECT_THAT(restored_by({.lighter = 0.1F}, {.grain = 0, .tone = 1}, tile)[0].values,
              Each(FloatNear(0.1F, 1e-5F)));
  EXPECT_THAT(restored_by({.lighter = 0.1F}, {.grain = 1, .tone = 0}, tile)[0].values,
              Each(FloatNear(0, 1e-5F)));
  EXPECT_THAT(restored_by({.lighter = 0.1F}, {.grain = 0.5, .tone = 0.5}, tile)[0].values,
              Each(FloatNear(0.05F, 1e-5F)));
}

TEST(TileRestorer, FineChangesAreGrainAndNotTone) {
  GrainyNetwork network;
  const auto change = [&](const Strengths& strengths) {
    const restore::Overview none;
    TileRestorer restorer(network, strengths, {}, none);
    return restorer({flat(0.5F)}, {0, kSide}, {0, kSide})[0].values[0];
  };
  EXPECT_NEAR(change({.grain = 0.5, .tone = 0}), 0.05F, 1e-5);
  EXPECT_NEAR(change({.grain = 0, .tone = 1}), 0, 1e-5);
}

TEST(TileRestorer, DamageIsInpaintedToItsStrengthAndTheRestLeft) {
  Plane luma = flat(0.25F);
  mark(luma, 1);
  const MendingNetwork::Says says{.damaged_above = 0.9F};
  const auto restored = restored_by(says, {.grain = 0, .tone = 0, .inpaint = 0.5}, {luma});
  EXPECT_NEAR(restored[0].row(30)[30], 0.5 * (0.25 - 1), 1e-4);
  EXPECT_EQ(restored[1].row(30)[30], 1);
  EXPECT_NEAR(restored[0].row(5)[5], 0, 1e-6);
  EXPECT_NEAR(restored[1].row(5)[5], 0, 1e-6);
}

TEST(TileRestorer, WhatAPersonMarkedGoesBeforeWhatIsFound) {
  Plane luma = flat(0.25F), known = flat(-1);
  mark(luma, 1);
  mark(known, 0);       // it is no damage, whatever it looks like
  known.row(5)[5] = 1;  // and this is
  const MendingNetwork::Says says{.tone = 0.75F, .damaged_above = 0.9F};
  const auto restored = restored_by(says, {}, {luma, known}, {.has_known_damage = true});
  EXPECT_EQ(restored[0].row(30)[30], 0);
  EXPECT_EQ(restored[1].row(30)[30], 0);
  EXPECT_NEAR(restored[0].row(5)[5], 0.5F, 1e-6);
}

TEST(TileRestorer, WhatTheSmallVersionShowsIsDamageButForCautionAndWhatAPersonKnows) {
  Plane known = flat(-1);
  for (int64_t y = 32; y < kSide; ++y) std::fill_n(known.row(y), kSide, 0);
  restore::Overview overview;
  overview.scale = 2;
  overview.damage = Plane(kSide / 2, kSide / 2);
  for (int64_t y = 0; y < kSide / 2; ++y) std::fill_n(overview.damage.row(y) + 10, 4, 0.6F);
  MendingNetwork network({.tone = 0.75F});
  const auto restored_with = [&](double caution) {
    TileRestorer restorer(network, {.caution = caution}, {.has_known_damage = true}, overview);
    return restorer({flat(0.25F), known}, {0, kSide}, {0, kSide});
  };
  EXPECT_NEAR(restored_with(1)[0].row(10)[24], 0, 1e-6);
  const auto restored = restored_with(0);
  EXPECT_NEAR(restored[0].row(10)[24], 0.5F, 1e-6);
  EXPECT_EQ(restored[1].row(10)[24], 1);
  EXPECT_NEAR(restored[0].row(10)[40], 0, 1e-6);
  EXPECT_NEAR(restored[0].row(50)[24], 0, 1e-6);
}

TEST(TileRestorer, WhatTheRuleLeavesIsDenoisedAsWhatIsIntact) {
  Plane luma = flat(0.25F);
  mark(luma, 1);
  const auto change = [&](const model::DamageRule& rule) {
    return restored_by({.lighter = 0.1F, .tone = 0.5F, .damaged_above = 0.9F, .certainty = 2},
                       {.rule = rule}, {luma})[0]
        .row(30)[30];
  };
  EXPECT_NEAR(change({}), -0.5F, 1e-4);
  EXPECT_NEAR(change({.shift = -3.9}), -0.5F, 1e-4);
  EXPECT_NEAR(change({.shift = -4.1}), 0.1F, 1e-4);
  EXPECT_NEAR(change({.filled_from = 2.4}), 0.1F, 1e-4);
}

TEST(TileRestorer, DoubtfulDamageIsLeftIfOnlyCertainIsWanted) {
  Plane luma = flat(0.25F);
  mark(luma, 1);
  const auto damage = [&](float logit, double caution) {
    return restored_by({.damaged_above = 0.9F, .certainty = logit}, {.caution = caution}, {luma})[1]
        .row(30)[30];
  };
  EXPECT_NEAR(damage(-0.41F, 0), 0.399F, 1e-3);
  EXPECT_NEAR(damage(-0.41F, 0.5), 0.1995F, 1e-3);
  EXPECT_EQ(damage(-0.41F, 1), 0);
  EXPECT_EQ(damage(3.95F, 1), 1);               // 0.981
  EXPECT_NEAR(damage(2.3763F, 1), 0.5F, 2e-3);  // half way
}

TEST(TileRestorer, AShiftMakesMoreOrLessOfDoubtfulDamage) {
  Plane luma = flat(0.25F);
  mark(luma, 1);
  const auto damage = [&](double shift) {
    return restored_by({.damaged_above = 0.9F, .certainty = 1}, {.rule = {.shift = shift}},
                       {luma})[1]
        .row(30)[30];
  };
  EXPECT_NEAR(damage(0), 0.731F, 1e-3);
  EXPECT_NEAR(damage(1), 0.881F, 1e-3);
  EXPECT_NEAR(damage(-2), 0.269F, 1e-3);
}

TEST(TileRestorer, ColourUnderDamageIsTakenFromAboutIt) {
  Plane luma = flat(0.25F), blue = flat(0.1F), red = flat(-0.2F);
  mark(luma, 1), mark(blue, -0.3F), mark(red, 0);
  const MendingNetwork::Says says{.damaged_above = 0.9F};
  const auto restored = restored_by(says, {}, {luma, blue, red}, {.has_chroma = true});
  ASSERT_EQ(restored.size(), 4U);
  EXPECT_NEAR(restored[2].row(30)[30], 0.4F, 1e-3);
  EXPECT_NEAR(restored[3].row(30)[30], -0.2F, 1e-3);
  EXPECT_NEAR(restored[2].row(5)[5], 0, 1e-6);
  // What is inpainted although it is doubtful does not keep its colour.
  const auto doubted =
      restored_by({.damaged_above = 0.9F, .certainty = 1.2F}, {.rule = {.shift = -2.4}},
                  {luma, blue, red}, {.has_chroma = true});
  EXPECT_NEAR(doubted[2].row(30)[30], 0.4F, 1e-3);
  // Without damage nothing moves at all.
  const auto whole = restored_by({}, {}, {flat(0.25F), blue, red}, {.has_chroma = true});
  EXPECT_THAT(whole[2].values, Each(0));
}

TEST(TileRestorer, AHoleOfTheOverviewIsInpaintedFromItAndNotTwice) {
  restore::Overview view;
  view.hole = Plane(kSide, kSide);
  mark(view.hole, 1);
  view.luma = flat(0.5F);
  MendingNetwork network({.tone = 0, .damaged_above = 0.9F});
  TileRestorer restorer(network, {.inpaint = 0.5}, {}, view);
  Plane luma = flat(0.25F);
  mark(luma, 1);
  const auto restored = restorer({luma}, {0, kSide}, {0, kSide});
  EXPECT_NEAR(restored[0].row(30)[30], 0.5 * (0.5 - 1), 1e-5);
  EXPECT_EQ(restored[1].row(30)[30], 1);
  EXPECT_NEAR(restored[0].row(5)[5], 0, 1e-6);
}

TEST(TileRestorer, RefusesValuesThatAreNotNumbers) {
  restore::NotANumberNetwork network;
  const restore::Overview none;
  TileRestorer restorer(network, {}, {}, none);
  tests::expect_error(common::ErrorKind::numeric, "not numbers", [&] {
    restorer({flat(0.5F)}, {0, kSide}, {0, kSide});
  });
}

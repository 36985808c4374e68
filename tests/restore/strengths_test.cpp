#include "restore/strengths.h"

#include <gtest/gtest.h>

#include <cmath>

#include "restore/restored_photo.h"

using restore::Findings;
using restore::RestoreOptions;
using restore::Strengths;
using restore::strengths_for;

namespace {

/// The grain is a film's.
Findings found(double grain, double black, double white) {
  Findings findings;
  findings.coarseness = 1.5;
  findings.grain = grain, findings.black = black, findings.white = white;
  return findings;
}

}  // namespace

TEST(Strengths, ACleanPhotographStaysAsItIs) {
  const Strengths strengths = strengths_for({}, found(1, 0.02, 0.98));
  EXPECT_EQ(strengths.grain, 0);
  EXPECT_EQ(strengths.tone, 0);
  EXPECT_EQ(strengths.inpaint, 1);
  EXPECT_EQ(strengths.caution, 1);
}

TEST(Strengths, AsMuchGrainIsRemovedAsThereIs) {
  EXPECT_EQ(strengths_for({}, found(6, 0, 1)).grain, 1);
  EXPECT_EQ(strengths_for({}, found(6, 0, 1)).tone, 1);
  EXPECT_NEAR(strengths_for({}, found(1.65, 0, 1)).grain, 0.5, 1e-9);
}

TEST(Strengths, AFadedPhotographGetsItsToneAlone) {
  for (const Findings& faded : {found(0, 0.2, 1), found(0, 0, 0.7)}) {
    EXPECT_EQ(strengths_for({}, faded).grain, 0);
    EXPECT_EQ(strengths_for({}, faded).tone, 1);
  }
}

TEST(Strengths, ADamagedPhotographIsInpaintedWithoutCaution) {
  Findings damaged = found(0, 0, 1);
  damaged.sure_share = 0.04;
  EXPECT_EQ(strengths_for({}, damaged).caution, 0);
  EXPECT_EQ(strengths_for({}, damaged).grain, 0);
  damaged.sure_share = 0.02;
  EXPECT_NEAR(strengths_for({}, damaged).caution, 0.5, 1e-9);
  Findings old = found(6, 0, 1);
  old.sure_share = 0.003;
  EXPECT_NEAR(strengths_for({}, old).caution, 0.5, 1e-9);
}

TEST(Strengths, FadingIsASignOfAgeInATonedPhotographAlone) {
  Findings faded = found(0, 0.2, 1);
  faded.sure_share = 0.005;
  EXPECT_EQ(strengths_for({}, faded).caution, 1);
  EXPECT_EQ(damage_rule_for({}, faded).shift, 0);
  faded.colour = Findings::Colour::toned;
  EXPECT_EQ(strengths_for({}, faded).caution, 0);
  EXPECT_EQ(damage_rule_for({}, faded).shift, 1);
}

TEST(Strengths, DamageIsLookedForAsIfThePhotographHadNotFaded) {
  const auto seen = [](double black, double white) {
    const model::DamageRule rule = damage_rule_for({}, found(0, black, white));
    return std::pair{rule.gain * black + rule.offset, rule.gain * white + rule.offset};
  };
  EXPECT_EQ(damage_rule_for({}, found(0, 0.06, 0.93)), damage_rule_for({}, found(0, 0, 1)));
  const auto expect_seen = [&](double black, double white, double as_black, double as_white) {
    EXPECT_NEAR(seen(black, white).first, as_black, 1e-9);
    EXPECT_NEAR(seen(black, white).second, as_white, 1e-9);
  };
  expect_seen(0.4, 0.6, 0.07, 0.93);
  expect_seen(0.05, 0.25, 0, 0.86);
  expect_seen(0.75, 0.95, 0.14, 1);
  expect_seen(0.45, 0.55, 0.2, 0.8);
  expect_seen(0.5, 0.5, 0.5, 0.5);
}

TEST(Strengths, WhatHasGrainAndHasFadedIsOldAndInpaintedWithoutCaution) {
  const Findings old = found(6, 0.2, 1), half = found(1.925, 0.2, 1);
  EXPECT_EQ(strengths_for({}, old).caution, 0);
  EXPECT_NEAR(strengths_for({}, half).caution, 0.5, 1e-9);
  EXPECT_EQ(damage_rule_for({}, old).filled_from, -2);
  EXPECT_NEAR(damage_rule_for({}, half).filled_from, 0.2, 1e-9);
  EXPECT_EQ(damage_rule_for({}, old).shift, 0);
  EXPECT_EQ(strengths_for({}, found(1.65, 0.2, 1)).caution, 1);
}

TEST(Strengths, ALittleWhiteNoiseIsNoSignOfAge) {
  Findings noisy = found(5, 0.2, 1);
  noisy.coarseness = 0.6;
  noisy.sure_share = 0.006;
  EXPECT_EQ(strengths_for({}, noisy).grain, 1);
  EXPECT_EQ(strengths_for({}, noisy).caution, 1);
  EXPECT_EQ(damage_rule_for({}, noisy).shift, 0);
  noisy.coarseness = 1;
  EXPECT_GT(damage_rule_for({}, noisy).shift, 0);
  noisy.coarseness = 0.6, noisy.grain = 8;
  EXPECT_GT(damage_rule_for({}, noisy).shift, 0);
}

TEST(Strengths, WhiteNoiseIsSaidToTheNetwork) {
  RestoreOptions options;
  const auto is_white = [&](double grain, double coarseness) {
    Findings findings = found(grain, 0, 1);
    findings.coarseness = coarseness;
    return damage_rule_for(options, findings).white_noise;
  };
  EXPECT_TRUE(is_white(6, 0.6));
  EXPECT_FALSE(is_white(6, 1.1));
  EXPECT_FALSE(is_white(1.5, 0.6)) << "too little to tell";
  options.strength = 1;
  EXPECT_TRUE(is_white(6, 0.6));
  options.tasks.denoise = false;
  EXPECT_FALSE(is_white(6, 0.6));
  Findings damaged = found(6, 0, 1);
  damaged.coarseness = 0.6, damaged.sure_share = 0.02;
  EXPECT_FALSE(damage_rule_for({}, damaged).white_noise);
}

TEST(Strengths, WhatAPersonSaysIsDone) {
  RestoreOptions options;
  options.strength = 0.25;
  const Strengths strengths = strengths_for(options, found(6, 0.5, 0.5));
  EXPECT_EQ(strengths.grain, 0.25);
  EXPECT_EQ(strengths.tone, 0.25);
  EXPECT_EQ(strengths.inpaint, 0.25);
  EXPECT_EQ(strengths.caution, 0);
}

TEST(Strengths, SensitivityMovesTheDamageThatIsFoundAndRepaired) {
  RestoreOptions options;
  EXPECT_EQ(strengths_for(options, {}).rule.shift, 0);
  options.sensitivity = -2;
  EXPECT_EQ(strengths_for(options, {}).rule.shift, -3);
  options.only_mask = true;
  EXPECT_EQ(strengths_for(options, {}).rule.shift, 0);
  options.only_mask = false, options.tasks.inpaint = false;
  EXPECT_EQ(strengths_for(options, {}).rule.shift, 0);
}

TEST(Strengths, WhatIsDoubtfulIsFilledInADamagedPhotographAlone) {
  RestoreOptions options;
  Findings damaged = found(6, 0, 1);
  const auto filled_from = [&] { return damage_rule_for(options, damaged).filled_from; };
  EXPECT_NEAR(filled_from(), 2.4, 1e-9);
  damaged.sure_share = 0.002;
  EXPECT_NEAR(filled_from(), 0.2, 1e-9);
  for (const double share : {0.003, 0.005, 0.5}) {
    damaged.sure_share = share;
    EXPECT_NEAR(filled_from(), -2, 1e-9);
  }
  damaged.sure_share = 0;
  options.strength = 1;
  EXPECT_EQ(filled_from(), -2);
  options.tasks.inpaint = false;
  EXPECT_TRUE(std::isinf(filled_from()));
}

TEST(Strengths, OfADamagedPhotographMoreIsTakenForDamageUnlessAPersonSaysHowStrongly) {
  RestoreOptions options;
  options.sensitivity = 1;
  const auto shift = [&](double sure_share) {
    Findings damaged = found(6, 0, 1);
    damaged.sure_share = sure_share;
    return damage_rule_for(options, damaged).shift;
  };
  Findings damaged = found(6, 0, 1);
  EXPECT_FALSE(damage_rule_for(options, damaged).twice);
  damaged.sure_share = 0.002;
  EXPECT_TRUE(damage_rule_for(options, damaged).twice);
  EXPECT_EQ(shift(0.001), 1.5);
  EXPECT_NEAR(shift(0.003), 2, 1e-9);
  EXPECT_EQ(shift(0.5), 2.5);
  options.strength = 1;
  EXPECT_EQ(shift(0.5), 1.5);
  options.tasks.inpaint = false;
  EXPECT_EQ(shift(0.5), 0);
}

TEST(Strengths, WhatIsNotATaskIsNotDone) {
  RestoreOptions options;
  options.tasks = {.denoise = false, .inpaint = true};
  EXPECT_EQ(strengths_for(options, found(6, 0.5, 0.5)).grain, 0);
  EXPECT_EQ(strengths_for(options, found(6, 0.5, 0.5)).tone, 0);
  options.tasks = {.denoise = true, .inpaint = false};
  options.strength = 1;
  EXPECT_EQ(strengths_for(options, found(6, 0.5, 0.5)).inpaint, 0);
  EXPECT_EQ(strengths_for(options, found(6, 0.5, 0.5)).grain, 1);
}

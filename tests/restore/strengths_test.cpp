#include <gtest/gtest.h>

#include "restore/photo_restorer.h"

using restore::Findings;
using restore::Strengths;
using restore::strengths_for;
using restore::RestoreOptions;

namespace {

Findings found(double grain, double black, double white) {
  Findings findings;
  findings.grain = grain, findings.black = black, findings.white = white;
  return findings;
}

}  // namespace

TEST(Strengths, ACleanPhotographStaysAsItIs) {
  const Strengths strengths = strengths_for({}, found(1, 0.02, 0.98));
  EXPECT_EQ(strengths.grain, 0);
  EXPECT_EQ(strengths.tone, 0);
  EXPECT_EQ(strengths.fill, 1);
  EXPECT_EQ(strengths.doubt, 1);
}

TEST(Strengths, AsMuchGrainIsRemovedAsThereIs) {
  EXPECT_EQ(strengths_for({}, found(6, 0, 1)).grain, 1);
  EXPECT_EQ(strengths_for({}, found(6, 0, 1)).tone, 1);
  EXPECT_NEAR(strengths_for({}, found(2.1, 0, 1)).grain, 0.5, 1e-9);
}

TEST(Strengths, AFadedPhotographGetsItsToneAlone) {
  for (const Findings& faded : {found(0, 0.2, 1), found(0, 0, 0.7)}) {
    EXPECT_EQ(strengths_for({}, faded).grain, 0);
    EXPECT_EQ(strengths_for({}, faded).tone, 1);
  }
}

TEST(Strengths, ADamagedPhotographIsMendedBoldly) {
  Findings damaged = found(0, 0, 1);
  damaged.damaged_share = 0.01;
  EXPECT_EQ(strengths_for({}, damaged).doubt, 0);
  EXPECT_EQ(strengths_for({}, damaged).grain, 1);
  damaged.damaged_share = 0.001;
  EXPECT_NEAR(strengths_for({}, damaged).doubt, 0.5, 1e-9);
}

TEST(Strengths, WhatAPersonSaysIsDone) {
  RestoreOptions treatment;
  treatment.strength = 0.25;
  const Strengths strengths = strengths_for(treatment, found(6, 0.5, 0.5));
  EXPECT_EQ(strengths.grain, 0.25);
  EXPECT_EQ(strengths.tone, 0.25);
  EXPECT_EQ(strengths.fill, 0.25);
  EXPECT_EQ(strengths.doubt, 0);
}

TEST(Strengths, WhatIsNotATaskIsNotDone) {
  RestoreOptions treatment;
  treatment.tasks = {.denoise = false, .fill = true};
  EXPECT_EQ(strengths_for(treatment, found(6, 0.5, 0.5)).grain, 0);
  EXPECT_EQ(strengths_for(treatment, found(6, 0.5, 0.5)).tone, 0);
  treatment.tasks = {.denoise = true, .fill = false};
  treatment.strength = 1;
  EXPECT_EQ(strengths_for(treatment, found(6, 0.5, 0.5)).fill, 0);
  EXPECT_EQ(strengths_for(treatment, found(6, 0.5, 0.5)).grain, 1);
}

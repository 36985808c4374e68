#include "model/losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/error.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "model/chroma.h"
#include "model/quarter_colour.h"

namespace model {
namespace {

constexpr double kLossTolerance = 1e-6;

at::Tensor flat(double value) { return at::full({2, 1, 4, 4}, value, at::kFloat); }

/// Two pictures, the upper half of each damaged.
at::Tensor half_damaged() {
  at::Tensor damage = flat(0);
  damage.narrow(2, 0, 2).fill_(1);
  return damage;
}

TEST(Losses, CharbonnierCountsDamageFourTimes) {
  const double distance = std::sqrt(0.2 * 0.2 + 1e-6);
  const at::Tensor loss = charbonnier_loss(flat(0.5), flat(0.3), half_damaged(), 3);
  EXPECT_NEAR(loss.item<double>(), distance * (1 + 4) / 2, kLossTolerance);
}

TEST(Losses, LogMseCountsARatioOfErrorsAlikeInEveryPicture) {
  at::Tensor off = flat(0);
  off[0].fill_(0.1), off[1].fill_(0.4);
  const double expected = (std::log(0.01 * 2.5 + 1e-3) + std::log(0.16 * 2.5 + 1e-3)) / 2;
  EXPECT_NEAR(log_mse_loss(off, flat(0), half_damaged(), 3).item<double>(), expected,
              kLossTolerance);
}

TEST(Losses, MaskedLogMseSeesTheDamagedPixelsAlone) {
  at::Tensor off = flat(0.4), damage = flat(0);
  damage[0].narrow(1, 0, 2).fill_(1);  // 8 pixels, 0.4 off each; of the other picture none
  const double expected = (std::log(8 * 0.16 / 9 + 1e-3) + std::log(1e-3)) / 2;
  EXPECT_NEAR(masked_log_mse_loss(off, flat(0), damage).item<double>(), expected, kLossTolerance);
  off[0].narrow(1, 2, 2).fill_(0.9), off[1].fill_(0.9);
  EXPECT_NEAR(masked_log_mse_loss(off, flat(0), damage).item<double>(), expected, kLossTolerance);
}

TEST(Losses, GradientL1SeesEdgesAndNotBrightness) {
  EXPECT_EQ(gradient_l1_loss(flat(0.5), flat(0.1)).item<double>(), 0);
  // One step of 1 among three vertical differences, in every column.
  EXPECT_NEAR(gradient_l1_loss(half_damaged(), flat(0)).item<double>(), 1.0 / 3, kLossTolerance);
}

TEST(Losses, CrossEntropyTakesSoftLabels) {
  const double p = 1 / (1 + std::exp(-2.0));
  const at::Tensor loss = damage_bce_loss(flat(2), flat(0.25));
  EXPECT_NEAR(loss.item<double>(), -(0.25 * std::log(p) + 0.75 * std::log(1 - p)), kLossTolerance);
}

TEST(Losses, DiceIsTakenOfTheBatch) {
  at::Tensor damage = flat(0);
  damage[0].fill_(1);  // found in full; in the other picture all 16 claims are wrong
  EXPECT_NEAR(damage_dice_loss(flat(50), damage).item<double>(), 1 - (2 * 16 + 1) / (16 + 32 + 1.0),
              kLossTolerance);
}

TEST(Losses, TermsAreSummedWithTheirWeights) {
  Restoration restoration{half_damaged() * 0.5, flat(1), {}};
  const at::Tensor clean = flat(0.2), damage = half_damaged(), gray = at::zeros({2, 2, 4, 4});
  const LossConfig config{2, 0.75, 1, 0.375, 0.5, 0.25, 0.125, 3, 0};
  const double expected =
      2 * charbonnier_loss(restoration.luma, clean, damage, 1).item<double>() +
      0.75 * log_mse_loss(restoration.luma, clean, damage, 1).item<double>() +
      0.375 * masked_log_mse_loss(restoration.luma, clean, damage).item<double>() +
      0.5 * gradient_l1_loss(restoration.luma, clean).item<double>() +
      0.25 * damage_bce_loss(flat(1), damage).item<double>() +
      0.125 * damage_dice_loss(flat(1), damage).item<double>();
  const auto loss = [&] {
    return restoration_loss(restoration, {clean, gray, damage}, config).item<double>();
  };
  EXPECT_NEAR(loss(), expected, kLossTolerance);
  restoration.chroma = at::full({2, 2, 1, 1}, 0.3);
  EXPECT_NEAR(loss(), expected + 3 * chroma_loss(restoration.chroma, gray).item<double>(),
              kLossTolerance);
}

TEST(Losses, OfANetworkThatClassifiesColoursThereIsButTheLossOfItsClasses) {
  const at::Tensor bins = in_gamut_ab_bins();
  const ColourClasses classes = colour_classes(at::ones({kNumAbBins}, at::kLong));
  const at::Tensor rgb = at::tensor({0.7F, 0.3F, 0.2F}).reshape({1, 3, 1, 1}).expand({1, 3, 8, 4});
  const Target target{luma_of(rgb), chroma_of(rgb), flat(1)};
  const at::Tensor logits = at::zeros({1, kNumAbBins, 2, 1});
  const Restoration restoration{at::zeros({1, 1, 8, 4}), {}, at::ones({1, 2, 2, 1}), logits};
  LossConfig config;
  config.colour = 2;
  const at::Tensor encoded = soft_encoding(quarter_ab(rgb), bins);
  const double expected = 2 * colour_loss(logits, encoded, classes.weights).item<double>();
  EXPECT_NEAR(restoration_loss(restoration, target, config, classes).item<double>(), expected,
              1e-4);
  EXPECT_GT(expected, std::log(kNumAbBins));
  EXPECT_THAT([&] { restoration_loss(restoration, target, config); },
              testing::ThrowsMessage<common::Error>(testing::HasSubstr("loss.colour_prior")));
}

TEST(Losses, ChromaIsComparedWithTheMeanOfItsPixels) {
  at::Tensor clean = at::zeros({1, 2, 4, 4});
  clean.narrow(2, 0, 2).narrow(3, 0, 2).fill_(0.4);   // in one of the four cells of 2x2 pixels
  clean.narrow(2, 0, 1).narrow(3, 2, 1).fill_(0.08);  // a mean of 0.02, in the quadratic part
  const double expected = (0.4 - 0.025 + 0.02 * 0.02 / 0.1) / 4;
  EXPECT_NEAR(chroma_loss(at::zeros({1, 2, 2, 2}), clean).item<double>(), expected, kLossTolerance);
}

TEST(Losses, TellsTheDamageOfTheShareOfPicturesThatComesFirst) {
  const at::Tensor damage = at::full({4, 1, 2, 2}, 0.75);
  const at::Tensor told = known_damage(damage, 0.5);
  EXPECT_TRUE(at::equal(told.narrow(0, 0, 2), damage.narrow(0, 0, 2)));
  EXPECT_TRUE(at::equal(told.narrow(0, 2, 2), at::full({2, 1, 2, 2}, -1.0F)));
  EXPECT_FALSE(known_damage(damage, 0.1).defined());
  EXPECT_TRUE(at::equal(known_damage(damage, 1), damage));
}

TEST(Losses, GrowsEverySecondMaskThatItTells) {
  at::Tensor damage = at::zeros({4, 1, 5, 5});
  damage.narrow(2, 2, 1).narrow(3, 2, 1).fill_(1);
  const at::Tensor told = known_damage(damage, 0.75);
  EXPECT_EQ(told[0].sum().item<float>(), 1);
  EXPECT_EQ(told[1].sum().item<float>(), 9);
  EXPECT_EQ(told[2].sum().item<float>(), 1);
  EXPECT_EQ(told[3].sum().item<float>(), -25);  // not told
}

TEST(Losses, MayLeaveTheDamagedPixelsOut) {
  const at::Tensor damage = at::ones({1, 1, 2, 2}), clean = at::zeros({1, 1, 2, 2});
  EXPECT_EQ(charbonnier_loss(clean + 1, clean, damage, -1).item<double>(), 0);
  LossConfig config;
  config.damage_emphasis = -1;
  config.validate();
}

TEST(Losses, RefusesNegativeAndMissingWeights) {
  const auto refusal = [](LossConfig config, const char* message) {
    EXPECT_THAT([&] { config.validate(); },
                testing::ThrowsMessage<common::Error>(testing::HasSubstr(message)));
  };
  const auto changed = [](double LossConfig::*weight, double value) {
    LossConfig config;
    config.*weight = value;
    return config;
  };
  refusal(changed(&LossConfig::gradient_l1, -0.5), "loss.gradient_l1 is -0.5");
  refusal(changed(&LossConfig::damage_emphasis, -1.5), "loss.damage_emphasis is -1.5");
  refusal(changed(&LossConfig::damage_emphasis, std::numeric_limits<double>::quiet_NaN()),
          "loss.damage_emphasis is nan");
  refusal(changed(&LossConfig::charbonnier, 0), "loss.charbonnier and loss.log_mse are 0");
  refusal(changed(&LossConfig::colour, 0), "loss.colour is 0");
  refusal(changed(&LossConfig::known_damage, 1.5), "loss.known_damage is 1.5");
}

}  // namespace
}  // namespace model

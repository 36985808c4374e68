#include "model/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/error.h"

namespace model {
namespace {

constexpr double kTolerance = 1e-6;

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
  EXPECT_NEAR(loss.item<double>(), distance * (1 + 4) / 2, kTolerance);
}

TEST(Losses, GradientSeesEdgesAndNotBrightness) {
  EXPECT_EQ(gradient_loss(flat(0.5), flat(0.1)).item<double>(), 0);
  // One step of 1 among three vertical differences, in every column.
  EXPECT_NEAR(gradient_loss(half_damaged(), flat(0)).item<double>(), 1.0 / 3, kTolerance);
}

TEST(Losses, CrossEntropyTakesSoftLabels) {
  const double p = 1 / (1 + std::exp(-2.0));
  const at::Tensor loss = damage_bce_loss(flat(2), flat(0.25));
  EXPECT_NEAR(loss.item<double>(), -(0.25 * std::log(p) + 0.75 * std::log(1 - p)), kTolerance);
}

TEST(Losses, DiceIsTakenAPicture) {
  at::Tensor damage = flat(0);
  damage[0].fill_(1);  // found in full; in the other picture all 16 claims are wrong
  EXPECT_NEAR(damage_dice_loss(flat(50), damage).item<double>(), (0 + 1 - 1.0 / 17) / 2,
              kTolerance);
}

TEST(Losses, TermsAreSummedWithTheirWeights) {
  const Restoration restoration{half_damaged() * 0.5, flat(1)};
  const at::Tensor clean = flat(0.2), damage = half_damaged();
  const LossConfig config{2, 1, 0.5, 0.25, 0.125};
  const double expected = 2 * charbonnier_loss(restoration.luma, clean, damage, 1).item<double>() +
                          0.5 * gradient_loss(restoration.luma, clean).item<double>() +
                          0.25 * damage_bce_loss(flat(1), damage).item<double>() +
                          0.125 * damage_dice_loss(flat(1), damage).item<double>();
  EXPECT_NEAR(restoration_loss(restoration, clean, damage, config).item<double>(), expected,
              kTolerance);
}

TEST(Losses, LumaIsThatOfBt601) {
  const at::Tensor rgb = at::stack({flat(1), flat(0.5), flat(0.25)}, 1).squeeze(2);
  EXPECT_NEAR(luma_of(rgb).max().item<double>(), 0.299 + 0.587 * 0.5 + 0.114 * 0.25, kTolerance);
  EXPECT_THROW(luma_of(flat(0)), common::Error);
}

TEST(Losses, RefusesNegativeAndMissingWeights) {
  const auto refusal = [](LossConfig config, const char* message) {
    EXPECT_THAT([&] { config.validate(); },
                testing::ThrowsMessage<common::Error>(testing::HasSubstr(message)));
  };
  refusal({1, 3, -0.5, 0.1, 0}, "loss.gradient is -0.5");
  refusal({1, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0}, "loss.damage_emphasis is nan");
  refusal({0, 3, 0, 0, 0}, "loss.luma is 0");
}

}  // namespace
}  // namespace model

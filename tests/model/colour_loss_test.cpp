#include "model/colour_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "device/torch.h"
#include "model/ab_bins.h"
#include "tests/common/expect_error.h"

namespace model {
namespace {

using common::ErrorKind;

constexpr double kColourLossTolerance = 1e-6;

at::Tensor two_bins(double distance) {
  return at::tensor({0.0, 0.0, distance, 0.0}).reshape({2, 2});
}

double value(const at::Tensor& x, int64_t i) { return x[i].item<double>(); }

TEST(ColourLoss, CountsAddUpAndHoldEmptyBins) {
  const at::Tensor bins = at::tensor({0.0, 0.0, 10.0, 0.0, 20.0, 0.0}).reshape({3, 2});
  const at::Tensor ab = at::tensor({1.0, 4.0, 9.0, 0.0, 0.0, 3.0}).reshape({1, 2, 1, 3});
  const at::Tensor counts = ab_bin_counts(ab, bins) + ab_bin_counts(ab, bins);
  EXPECT_TRUE(at::equal(counts, at::tensor({4, 2, 0}, at::kLong)));
}

TEST(ColourLoss, PriorIsSmoothedByAGaussianOfSigmaFive) {
  const at::Tensor counts = at::tensor({6, 0}, at::kLong);
  const at::Tensor prior = colour_prior(counts, two_bins(10));
  EXPECT_NEAR(value(prior, 1), std::exp(-2) / (1 + std::exp(-2)), kColourLossTolerance);
  EXPECT_NEAR(value(prior, 0), 1 / (1 + std::exp(-2)), kColourLossTolerance);
}

TEST(ColourLoss, PriorKeepsTheSumAtTheRimOfTheBins) {
  // Three in a row: what leaves the middle goes to both sides, what leaves the rim to one.
  const at::Tensor bins = at::tensor({0.0, 0.0, 10.0, 0.0, 20.0, 0.0}).reshape({3, 2});
  const at::Tensor prior = colour_prior(at::tensor({1, 2, 1}, at::kLong), bins);
  const double near = std::exp(-2), far = std::exp(-8);
  EXPECT_NEAR(value(prior, 0), 0.25 * (1 + far) / (1 + near + far) + 0.5 * near / (1 + 2 * near),
              kColourLossTolerance);
  EXPECT_NEAR(prior.sum().item<double>(), 1, kColourLossTolerance);
}

TEST(ColourLoss, WeightsAreThoseOfHalfAUniformPrior) {
  const at::Tensor prior = at::tensor({0.75, 0.25});
  const at::Tensor weights = rebalancing_weights(prior);
  // 1 / (0.375 + 0.25) = 8/5 and 1 / (0.125 + 0.25) = 8/3, whose mean is 28/15.
  EXPECT_NEAR(value(weights, 0), 6.0 / 7, kColourLossTolerance);
  EXPECT_NEAR(value(weights, 1), 10.0 / 7, kColourLossTolerance);
  EXPECT_NEAR((prior * weights).sum().item<double>(), 1, kColourLossTolerance);
  EXPECT_NEAR(value(rebalancing_weights(prior, 1), 0), 1, kColourLossTolerance);
  EXPECT_NEAR(value(rebalancing_weights(prior, 0), 1), 2, kColourLossTolerance);
}

TEST(ColourLoss, WeighsPixelsByTheirLikeliestTrueBin) {
  const at::Tensor target = at::tensor({0.8, 0.3, 0.2, 0.7}).reshape({1, 2, 1, 2});
  const at::Tensor weights = at::tensor({2.0, 4.0});
  const at::Tensor undecided = at::zeros({1, 2, 1, 2});
  EXPECT_NEAR(colour_loss(undecided, target, weights).item<double>(), 3 * std::log(2),
              kColourLossTolerance);

  // Logits that say 1/4 and 3/4 of both pixels.
  const at::Tensor logits = at::tensor({0.0, 0.0, std::log(3), std::log(3)}).reshape({1, 2, 1, 2});
  const auto entropy = [](double first) {
    return -first * std::log(0.25) - (1 - first) * std::log(0.75);
  };
  EXPECT_NEAR(colour_loss(logits, target, weights).item<double>(),
              (2 * entropy(0.8) + 4 * entropy(0.3)) / 2, kColourLossTolerance);
}

TEST(ColourLoss, ClassesAreTheBinsWithTheWeightsOfTheirPrior) {
  at::Tensor counts = at::ones({kNumAbBins}, at::kLong);
  counts[7] = 1000;
  const ColourClasses classes = colour_classes(counts);
  EXPECT_TRUE(at::equal(classes.bins, in_gamut_ab_bins()));
  EXPECT_TRUE(at::equal(classes.weights, rebalancing_weights(colour_prior(counts, classes.bins))));
  EXPECT_EQ(classes.weights.argmin().item<int64_t>(), 7);
  tests::expect_error(ErrorKind::internal, "the counts of 313 colour bins, got 312",
                      [&] { colour_classes(counts.narrow(0, 0, 312)); });
}

TEST(ColourLoss, RefusesAPriorOfNothing) {
  tests::expect_error(ErrorKind::config, "all of the 2 counts are 0",
                      [] { colour_prior(at::zeros({2}, at::kLong), two_bins(10)); });
}

}  // namespace
}  // namespace model

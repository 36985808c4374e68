#include "model/ab_bins.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "device/torch.h"
#include "tests/common/expect_error.h"

namespace model {
namespace {

using common::ErrorKind;

constexpr double kTolerance = 1e-5;

/// The published list of the paper's authors, a row for each a from -90 in steps of 10: b from, to.
/// Source: pts_in_hull.npy of github.com/richzhang/colorization, as in OpenCV's sample
/// colorization.
constexpr int kPublished[20][2] = {{50, 90},   {20, 90},   {0, 90},    {-20, 90},  {-30, 100},
                                   {-40, 100}, {-50, 100}, {-50, 100}, {-60, 100}, {-70, 100},
                                   {-80, 90},  {-80, 90},  {-90, 90},  {-100, 90}, {-100, 80},
                                   {-110, 80}, {-110, 80}, {-110, 70}, {-110, 70}, {-90, 0}};

/// One pixel, [1,2,1,1].
at::Tensor colour(double a, double b) { return at::tensor({a, b}).reshape({1, 2, 1, 1}); }

TEST(AbBins, AreThe313ThatThePapersAuthorsPublished) {
  std::vector<float> expected;
  for (int row = 0; row < 20; ++row) {
    for (int b = kPublished[row][0]; b <= kPublished[row][1]; b += 10) {
      expected.insert(expected.end(), {static_cast<float>(10 * row - 90), static_cast<float>(b)});
    }
  }
  const at::Tensor bins = in_gamut_ab_bins();
  ASSERT_EQ(bins.size(0), kNumAbBins);
  EXPECT_TRUE(at::equal(bins, at::tensor(expected).reshape({-1, 2})));
}

TEST(AbBins, NearestIsByDistanceInThePlane) {
  const at::Tensor bins = at::tensor({0.0, 0.0, 10.0, 0.0, 0.0, 10.0}).reshape({3, 2});
  const auto nearest = [&](double a, double b) {
    return nearest_bin(colour(a, b), bins).item<int64_t>();
  };
  EXPECT_EQ(nearest(4.9, 4.8), 0);
  EXPECT_EQ(nearest(5.1, 4.8), 1);
  EXPECT_EQ(nearest(-50, 5.1), 2);
}

TEST(AbBins, SoftEncodingSpreadsOverTheFiveNearest) {
  const at::Tensor bins = in_gamut_ab_bins();
  const at::Tensor code = soft_encoding(colour(3, 4), bins);
  ASSERT_EQ(code.sizes(), at::IntArrayRef({1, kNumAbBins, 1, 1}));
  // Squared distances of (3, 4) to the nearest centres; the sixth, (0, -10), is 205 away.
  const double expected[5][3] = {{0, 0, 25}, {0, 10, 45}, {10, 0, 65}, {10, 10, 85}, {-10, 0, 185}};
  double sum = 0;
  for (const auto& [a, b, distance] : expected) sum += std::exp(-distance / 50);
  for (const auto& [a, b, distance] : expected) {
    const int64_t bin = nearest_bin(colour(a, b), bins).item<int64_t>();
    EXPECT_NEAR(code[0][bin].item<double>(), std::exp(-distance / 50) / sum, kTolerance);
  }
  EXPECT_EQ((code > 0).sum().item<int64_t>(), kEncodingNeighbours);
  EXPECT_NEAR(code.sum().item<double>(), 1, kTolerance);
}

TEST(AbBins, SoftEncodingKeepsPixelsApart) {
  const at::Tensor bins = in_gamut_ab_bins();
  at::Tensor ab = at::zeros({2, 2, 3, 4});
  ab[1][0][2][1] = 60;
  ab[1][1][2][1] = -30;
  const at::Tensor code = soft_encoding(ab, bins);
  EXPECT_EQ(code[1].select(1, 2).select(1, 1).argmax().item<int64_t>(),
            nearest_bin(colour(60, -30), bins).item<int64_t>());
  EXPECT_EQ((code.argmax(1) != nearest_bin(colour(0, 0), bins)).sum().item<int64_t>(), 1);
}

TEST(AbBins, AnnealedMeanSharpensTowardsTheMode) {
  const at::Tensor bins = at::tensor({0.0, -20.0, 10.0, 40.0}).reshape({2, 2});
  const at::Tensor logits = at::log(at::tensor({1.0 / 3, 2.0 / 3})).reshape({1, 2, 1, 1});
  const auto mean = [&](double temperature) { return annealed_mean(logits, bins, temperature); };
  const double sharpened = std::pow(2, 1 / 0.38);
  const double share = sharpened / (1 + sharpened);
  EXPECT_NEAR(mean(0.38)[0][0].item<double>(), 10 * share, kTolerance);
  EXPECT_NEAR(mean(0.38)[0][1].item<double>(), 60 * share - 20, kTolerance);
  EXPECT_NEAR(mean(1)[0][1].item<double>(), 20, kTolerance);
  EXPECT_NEAR(mean(1e-3)[0][1].item<double>(), 40, kTolerance);
  EXPECT_TRUE(at::equal(annealed_mean(logits, bins), mean(0.38)));
}

TEST(AbBins, RefusesFewBinsAndOtherShapes) {
  tests::expect_error(ErrorKind::internal, "needs 5 bins or more, got 4",
                      [] { soft_encoding(colour(0, 0), in_gamut_ab_bins().narrow(0, 0, 4)); });
  tests::expect_error(ErrorKind::internal, "expected ab [N,2,H,W]", [] {
    soft_encoding(at::zeros({1, 3, 2, 2}), in_gamut_ab_bins());
  });
}

}  // namespace
}  // namespace model

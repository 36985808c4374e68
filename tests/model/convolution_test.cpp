#include "model/convolution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "device/torch.h"

namespace model {
namespace {

/// One channel; the tap at (row, column) of the kernel is 1, all others and the bias are 0.
at::Tensor through_one_tap(const ConvolutionForm& form, int64_t row, int64_t column,
                           const at::Tensor& x) {
  const at::NoGradGuard no_grad;
  const Convolution convolution(form, 1);
  convolution.parameters()[0][0][0][row][column] = 1;
  return convolution.forward(x);
}

TEST(Convolution, SeesItsNeighboursAtTheDilation) {
  const at::Tensor x = at::arange(1, 26, at::kFloat).reshape({1, 1, 5, 5});
  at::Tensor expected = at::zeros({1, 1, 5, 5});  // two up and two to the left, zeros outside
  expected.narrow(2, 2, 3).narrow(3, 2, 3).copy_(x.narrow(2, 0, 3).narrow(3, 0, 3));
  EXPECT_TRUE(at::equal(through_one_tap({.dilation = 2}, 0, 0, x), expected));
}

TEST(Convolution, HalvesFromTheFirstPixelOn) {
  const at::Tensor x = at::arange(16, at::kFloat).reshape({1, 1, 4, 4});
  const at::Tensor expected = at::tensor({0.0F, 2.0F, 8.0F, 10.0F}).reshape({1, 1, 2, 2});
  EXPECT_TRUE(at::equal(through_one_tap({.stride = 2}, 1, 1, x), expected));
}

TEST(Convolution, TransposedOfFourDoubles) {
  const at::Tensor x = at::arange(1, 5, at::kFloat).reshape({1, 1, 2, 2});
  const at::Tensor twice = through_one_tap({.kernel = 4, .stride = 2, .transposed = true}, 1, 2, x);
  ASSERT_EQ(twice.sizes(), at::IntArrayRef({1, 1, 4, 4}));
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t column = 0; column < 2; ++column) {  // each input goes to one output
      EXPECT_EQ(twice[0][0][2 * row][2 * column + 1].item<float>(),
                x[0][0][row][column].item<float>());
    }
  }
  EXPECT_EQ(twice.sum().item<float>(), 10);
}

TEST(Convolution, WeightsStartWithTheVarianceThatKeepsThatOfTheInput) {
  const auto deviation = [](const ConvolutionForm& form) {
    Convolution convolution(form, 3);
    convolution.draw_weights(1);
    return convolution.parameters()[0].std().item<double>();
  };
  // 64 channels times the taps that an output pixel sees: 9, 9, and 4 of a transposed 4x4's 16.
  EXPECT_NEAR(deviation({.in = 64, .out = 64}), 3 / std::sqrt(64 * 9), 2e-3);
  EXPECT_NEAR(deviation({.in = 64, .out = 32, .transposed = true}), 3 / std::sqrt(64 * 9), 2e-3);
  EXPECT_NEAR(deviation({.in = 64, .out = 64, .kernel = 4, .stride = 2, .transposed = true}),
              3 / std::sqrt(64 * 4), 2e-3);
}

}  // namespace
}  // namespace model

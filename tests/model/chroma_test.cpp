#include "model/chroma.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "device/torch.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

constexpr double kChromaTolerance = 1e-6;

at::Tensor colour(float red, float green, float blue) {
  return at::tensor({red, green, blue}).reshape({1, 3, 1, 1});
}

/// Luma with an edge at `column`: 0.2, then 0.8.
at::Tensor luma_with_edge(int64_t column) {
  at::Tensor luma = at::full({1, 1, 32, 32}, 0.2);
  luma.narrow(3, column, 32 - column).fill_(0.8);
  return luma;
}

TEST(Chroma, LumaIsThatOfBt601) {
  const double luma = luma_of(colour(1, 0.5, 0.25)).item<double>();
  EXPECT_NEAR(luma, 0.299 + 0.587 * 0.5 + 0.114 * 0.25, kChromaTolerance);
}

TEST(Chroma, IsNoneInGrayAndHalfInPureBlueAndRed) {
  EXPECT_LT(largest(chroma_of(colour(0.3F, 0.3F, 0.3F))), kChromaTolerance);
  EXPECT_NEAR(chroma_of(colour(0, 0, 1))[0][0].item<double>(), 0.5, kChromaTolerance);
  EXPECT_NEAR(chroma_of(colour(1, 0, 0))[0][1].item<double>(), 0.5, kChromaTolerance);
}

TEST(Chroma, WithLumaGivesTheColourBackAndStaysInRange) {
  const at::Tensor rgb = colour(0.9F, 0.4F, 0.1F);
  EXPECT_LT(largest(rgb_of_luma_and_chroma(luma_of(rgb), chroma_of(rgb)) - rgb), kChromaTolerance);
  const at::Tensor loud = at::full({1, 2, 1, 1}, 0.5), white = at::full({1, 1, 1, 1}, 1.0);
  EXPECT_EQ(largest(rgb_of_luma_and_chroma(white, loud)), 1);
}

TEST(Chroma, UpsampledHasItsEdgeWhereLumaHas) {
  const int64_t column = 14;  // in the middle of a cell of 4 pixels
  const at::Tensor luma = luma_with_edge(column);
  const at::Tensor truth = at::cat({luma - 0.5, 0.5 - luma}, 1) * 0.5;
  const at::Tensor coarse = at::avg_pool2d(truth, {4, 4});
  EXPECT_LT(largest(upsample_chroma(coarse, luma) - truth), 0.02);
}

TEST(Chroma, UpsampledWithoutContrastIsSmooth) {
  const at::Tensor coarse = at::full({1, 2, 8, 8}, 0.25);
  EXPECT_LT(largest(upsample_chroma(coarse, at::full({1, 1, 32, 32}, 0.5)) - 0.25),
            kChromaTolerance);
}

TEST(Chroma, RefusesOtherShapes) {
  const auto refused = [](const char* message) {
    return testing::ThrowsMessage<common::Error>(testing::HasSubstr(message));
  };
  const at::Tensor gray = at::zeros({1, 1, 8, 8}), pair = at::zeros({1, 2, 2, 2});
  EXPECT_THAT([&] { luma_of(gray); }, refused("luma_of takes [N,3,H,W], got [1, 1, 8, 8]"));
  EXPECT_THAT([&] { chroma_of(gray); }, refused("chroma_of takes"));
  EXPECT_THAT([&] { rgb_of_luma_and_chroma(gray, gray); }, refused("takes chroma [N,2,H,W]"));
  EXPECT_THAT([&] { upsample_chroma(pair, pair); }, refused("takes luma [N,1,H,W]"));
}

}  // namespace
}  // namespace model

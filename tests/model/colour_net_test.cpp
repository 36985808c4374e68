#include "model/colour_net.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "common/error.h"
#include "model/ab_bins.h"
#include "model/module_weights.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

const ColourNetConfig kSmall{0.0625};  // 4 to 32 channels

TEST(ColourNet, HasTheSizesOfThePapersTable) {
  auto named = by_name(named_weights(*make_colour_net({}, 1)));
  const auto is = [&](const char* name, at::IntArrayRef shape) {
    EXPECT_EQ(named.at(name).sizes(), shape) << name;
  };
  is("blocks.0.conv.0.weight", {64, 1, 3, 3});
  is("blocks.1.conv.1.weight", {128, 128, 3, 3});
  is("blocks.2.conv.2.weight", {256, 256, 3, 3});
  is("blocks.3.conv.0.weight", {512, 256, 3, 3});
  is("blocks.5.conv.2.weight", {512, 512, 3, 3});
  is("blocks.6.conv.0.weight", {256, 512, 3, 3});
  is("blocks.7.conv.0.weight", {256, 128, 4, 4});  // transposed: in, out
  is("blocks.6.norm.weight", {256});
  is("head.weight", {313, 128, 1, 1});
  EXPECT_FALSE(named.contains("blocks.7.norm.weight"));
  EXPECT_EQ(named.size(), 2 * (2 + 2 + 6 * 3 + 7 + 1));
}

TEST(ColourNet, SaysBinsAtAQuarterOfTheSizeAllEquallyLikelyAtFirst) {
  const at::NoGradGuard no_grad;
  const auto network = make_colour_net(kSmall, 1);
  const at::Tensor logits = network->forward(100 * textured(2, 16, 24));
  EXPECT_EQ(logits.sizes(), at::IntArrayRef({2, kNumAbBins, 4, 6}));
  EXPECT_LT(largest(at::softmax(logits, 1) * kNumAbBins - 1), 0.5);
  EXPECT_GT(largest(logits), 1e-4);
}

TEST(ColourNet, SameSeedGivesTheSameBitsAndAnotherDoesNot) {
  const auto first = by_name(named_weights(*make_colour_net(kSmall, 7)));
  const auto again = by_name(named_weights(*make_colour_net(kSmall, 7)));
  const auto other = by_name(named_weights(*make_colour_net(kSmall, 8)));
  for (const auto& [name, tensor] : first) EXPECT_TRUE(at::equal(tensor, again.at(name))) << name;
  EXPECT_FALSE(at::equal(first.at("head.weight"), other.at("head.weight")));
  EXPECT_FALSE(at::equal(first.at("blocks.3.conv.1.weight"), first.at("blocks.3.conv.2.weight")));
}

TEST(ColourNet, NormalisesAPixelOverItsChannels) {
  const at::NoGradGuard no_grad;
  ChannelNorm norm(2);
  norm.parameters()[0].copy_(at::tensor({1.0, 2.0}));
  norm.parameters()[1].copy_(at::tensor({0.0, 0.5}));
  // Pixels (1, 5), (9, 7): means 3 and 8, deviations 2 and 1.
  const at::Tensor x = at::tensor({1.0F, 9.0F, 5.0F, 7.0F}).reshape({1, 2, 1, 2});
  const at::Tensor expected = at::tensor({-1.0F, 1.0F, 2.5F, -1.5F}).reshape({1, 2, 1, 2});
  EXPECT_LT(largest(norm.forward(x) - expected), 1e-4);
}

TEST(ColourNet, DependsNeitherOnTheBatchNorOnWhatIsOutOfReach) {
  const at::NoGradGuard no_grad;
  const auto network = make_colour_net(kSmall, 1);
  put_values_everywhere(named_weights(*network));
  const at::Tensor lightness = 100 * textured(2, 256, 256);
  at::Tensor changed = lightness.clone();
  changed[0].narrow(1, 0, 8).narrow(2, 0, 8).fill_(100);
  const at::Tensor step = network->forward(changed) - network->forward(lightness);
  EXPECT_EQ(largest(step[1]), 0);
  EXPECT_GT(largest(step[0].narrow(1, 0, 16).narrow(2, 0, 16)), 1e-4);
  EXPECT_EQ(largest(step[0].narrow(1, 62, 2).narrow(2, 62, 2)), 0);
}

TEST(ColourNet, EveryParameterLearns) {
  const auto network = make_colour_net(kSmall, 1);
  put_values_everywhere(named_weights(*network));
  network->forward(100 * textured(2, 16, 16)).square().mean().backward();
  for (const auto& [name, tensor] : named_weights(*network)) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_GT(largest(tensor.grad()), 0) << name;
  }
}

TEST(ColourNet, RefusesWhatIsNoMultipleAndImpossibleWidths) {
  const auto network = make_colour_net(kSmall, 1);
  const auto refusal = [&](at::IntArrayRef shape, const char* message) {
    EXPECT_THAT([&] { network->forward(at::full(shape, 50.0)); },
                testing::ThrowsMessage<common::Error>(testing::HasSubstr(message)));
  };
  refusal({1, 1, 16, 20}, "multiples of 8, got [1, 1, 16, 20]");
  refusal({1, 3, 16, 16}, "takes [N,1,H,W]");
  EXPECT_THROW(make_colour_net({0}, 1), common::Error);
  EXPECT_THROW(make_colour_net({std::nan("")}, 1), common::Error);
}

}  // namespace
}  // namespace model

#include "model/colour_net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "model/quarter_colour.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

const NetworkConfig kPaper{"colour", {64}, 1}, kSmall{"colour", {4}, 1};  // 4 to 32 channels

TEST(ColourNet, HasTheSizesOfThePapersTable) {
  auto named = by_name(make_network(kPaper, 1)->weights());
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
  const auto network = make_network(kSmall, 1);
  const at::Tensor logits = network->forward(textured(2, 16, 24)).colour_logits;
  EXPECT_EQ(logits.sizes(), at::IntArrayRef({2, kNumAbBins, 4, 6}));
  EXPECT_LT(largest(at::softmax(logits, 1) * kNumAbBins - 1), 0.5);
  EXPECT_GT(largest(logits), 1e-4);
}

TEST(ColourNet, LeavesTheLumaAndColoursItByTheAnnealedMean) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmall, 1);
  auto named = by_name(network->weights());
  for (auto& [name, tensor] : named) tensor.zero_();
  const at::Tensor bins = in_gamut_ab_bins(), wanted = at::tensor({40.0F, 30.0F});
  const int64_t bin = (bins - wanted).square().sum(1).argmin().item<int64_t>();
  ASSERT_TRUE(at::equal(bins[bin], wanted));
  named["head.bias"][bin] = 30;
  const at::Tensor aged = textured(1, 16, 24);
  const Restoration restored = network->forward(aged);
  EXPECT_TRUE(at::equal(restored.luma, aged));
  EXPECT_FALSE(restored.damage_logits.defined());
  EXPECT_EQ(largest(damage_probability(restored)), 0);
  const at::Tensor ab = wanted.reshape({1, 2, 1, 1}).expand({1, 2, 4, 6});
  EXPECT_LT(largest(restored.chroma - chroma_of_ab(ab, aged)), 1e-5);
  EXPECT_GT(restored.chroma[0][1].min().item<double>(), 0.05);  // reddish
}

TEST(ColourNet, TakesBrightnessForLightness) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmall, 1);
  put_values_everywhere(network->weights());
  // The first convolution sees (L - 50) / 100, which a mid gray of L 50 makes 0 everywhere.
  const double gray_of_lightness_50 = 0.46633;
  const at::Tensor logits =
      network->forward(at::full({1, 1, 64, 64}, gray_of_lightness_50)).colour_logits;
  for (auto& [name, tensor] : by_name(network->weights())) {
    if (name == "blocks.0.conv.0.weight") at::Tensor(tensor).zero_();
  }
  const at::Tensor blind =
      network->forward(at::full({1, 1, 64, 64}, gray_of_lightness_50)).colour_logits;
  EXPECT_LT(largest(logits - blind), 1e-4);
}

TEST(ColourNet, SameSeedGivesTheSameBitsAndAnotherDoesNot) {
  const auto first = by_name(make_network(kSmall, 7)->weights());
  const auto again = by_name(make_network(kSmall, 7)->weights());
  const auto other = by_name(make_network(kSmall, 8)->weights());
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
  const auto network = make_network(kSmall, 1);
  put_values_everywhere(network->weights());
  const at::Tensor aged = textured(2, 256, 256);
  at::Tensor changed = aged.clone();
  changed[0].narrow(1, 0, 8).narrow(2, 0, 8).fill_(1);
  const at::Tensor step =
      network->forward(changed).colour_logits - network->forward(aged).colour_logits;
  EXPECT_EQ(largest(step[1]), 0);
  EXPECT_GT(largest(step[0].narrow(1, 0, 16).narrow(2, 0, 16)), 1e-4);
  EXPECT_EQ(largest(step[0].narrow(1, 62, 2).narrow(2, 62, 2)), 0);
}

TEST(ColourNet, EveryParameterLearns) {
  const auto network = make_network(kSmall, 1);
  put_values_everywhere(network->weights());
  network->forward(textured(2, 16, 16)).colour_logits.square().mean().backward();
  for (const auto& [name, tensor] : network->weights()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_GT(largest(tensor.grad()), 0) << name;
  }
}

TEST(ColourNet, RefusesWhatIsNoMultipleAndColours) {
  const auto network = make_network(kSmall, 1);
  const auto refusal = [&](at::IntArrayRef shape, const char* message) {
    EXPECT_THAT([&] { network->forward(at::full(shape, 0.5)); },
                testing::ThrowsMessage<common::Error>(testing::HasSubstr(message)));
  };
  refusal({1, 1, 16, 20}, "multiples of 8, got [1, 1, 16, 20]");
  refusal({1, 3, 16, 16}, "takes [N,1,H,W]");
}

}  // namespace
}  // namespace model

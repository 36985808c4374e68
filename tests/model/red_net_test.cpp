#include "model/red_net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "device/torch.h"
#include "model/losses.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

const NetworkConfig kRed10{"red", {64}, 5}, kRed20{"red", {64}, 10}, kRed30{"red", {64}, 15};

/// One feature map; each layer multiplies by what `gain` says of its weight's name. Returns what
/// comes out for each unit that goes in.
template <class F>
double response(int64_t depth, F&& gain) {
  const at::NoGradGuard no_grad;
  const auto network = make_network({"red", {1}, depth}, 1);
  for (const auto& [name, parameter] : network->weights()) {
    at::Tensor values = parameter;
    values.zero_();
    if (values.dim() == 4) values[0][0][1][1] = gain(name);
  }
  constexpr double kInput = 1.0 / 1024;  // sums of powers of two stay exact
  return network->forward(at::full({1, 1, 4, 4}, kInput)).luma[0][0][2][1].item<double>() / kInput;
}

double response(int64_t depth, float conv, float deconv) {
  return response(
      depth, [&](const std::string& name) { return name.starts_with("conv.") ? conv : deconv; });
}

/// 1 (the input) + 2^depth (all the way) + 2^i for each convolution i that is passed on.
double sum_of_paths(int64_t depth, const std::vector<int>& passed_on) {
  double sum = 1 + std::ldexp(1, static_cast<int>(depth));
  for (const int number : passed_on) sum += std::ldexp(1, number);
  return sum;
}

TEST(RedNet, AddsTheFeaturesOfEverySecondConvolutionToItsMirror) {
  const std::vector<int> none, red20{2, 4, 6, 8}, red30{2, 4, 6, 8, 10, 12, 14};
  for (const auto& [depth, passed_on] : {std::pair{5, none}, {10, red20}, {15, red30}}) {
    // Doubling convolutions tell where a skip comes from: after i of them it is 2^i.
    EXPECT_EQ(response(depth, 2, 1), sum_of_paths(depth, passed_on)) << depth;
    // Doubling deconvolutions tell where it goes: from the mirror there are i to come.
    EXPECT_EQ(response(depth, 1, 2), sum_of_paths(depth, passed_on)) << depth;
  }
}

TEST(RedNet, RectifiesConvolutionsAndSumsButNotTheEnd) {
  EXPECT_EQ(response(5, -1, 1), 1);  // nothing passes the first convolution
  const auto with_negative = [](const char* negative, float value) {
    return response(6, [&](const std::string& name) { return name == negative ? value : 1; });
  };
  // The second deconvolution says -2 where the skip from convolution 4 says 1: that is 0, and the
  // skip from convolution 2 alone comes out. A ReLU before the sum would let both pass.
  EXPECT_EQ(with_negative("deconv.1.weight", -2), 1 + 1);
  EXPECT_EQ(with_negative("deconv.5.weight", -3), 1 - 3 * 3);
}

TEST(RedNet, HasTheSizesOfThePaper) {
  const auto convolution = [](int64_t in, int64_t out) { return in * out * 9 + out; };
  for (const auto& config : {kRed10, kRed20, kRed30}) {
    const auto weights = make_network(config, 1)->weights();
    EXPECT_EQ(weights.size(), static_cast<size_t>(4 * config.blocks));
    EXPECT_EQ(num_values(weights), convolution(1, 64) + convolution(64, 1) +
                                       2 * (config.blocks - 1) * convolution(64, 64));
  }
  auto named = by_name(make_network(kRed30, 1)->weights());
  EXPECT_EQ(named["conv.0.weight"].sizes(), at::IntArrayRef({64, 1, 3, 3}));
  EXPECT_EQ(named["deconv.14.weight"].sizes(), at::IntArrayRef({64, 1, 3, 3}));  // in, out
}

TEST(RedNet, StartsCloseToTheIdentity) {
  const at::NoGradGuard no_grad;
  for (const auto& config : {kRed10, kRed30}) {
    const at::Tensor aged = textured(1, 17, 23);  // any size
    const at::Tensor luma = make_network(config, 1)->forward(aged).luma;
    EXPECT_EQ(luma.sizes(), aged.sizes());
    EXPECT_LT(largest(luma - aged), 0.2);
    EXPECT_GT(largest(luma - aged), 1e-4);
  }
}

TEST(RedNet, DoesNotLookForDamageAndIsNotTaughtTo) {
  const auto network = make_network({"red", {4}, 6}, 1);
  const at::Tensor aged = textured(2, 8, 8), damage = at::full({2, 1, 8, 8}, 0.25);
  const Restoration restored = network->forward(aged);
  EXPECT_FALSE(restored.damage_logits.defined());
  EXPECT_EQ(damage_probability(restored).sizes(), aged.sizes());
  EXPECT_EQ(largest(damage_probability(restored)), 0);
  LossConfig config, without_damage;
  without_damage.damage_bce = without_damage.damage_dice = 0;
  const auto loss = [&](const LossConfig& terms) {
    return restoration_loss(restored, {aged, {}, damage}, terms).item<double>();
  };
  EXPECT_EQ(loss(config), loss(without_damage));
}

TEST(RedNet, EveryParameterLearns) {
  const auto network = make_network({"red", {6}, 7}, 1);
  put_values_everywhere(network->weights());
  network->forward(textured(2, 12, 12)).luma.square().mean().backward();
  for (const auto& [name, tensor] : network->weights()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_GT(largest(tensor.grad()), 0) << name;
  }
}

TEST(RedNet, RefusesColourAndLevels) {
  const auto network = make_network({"red", {4}, 5}, 1);
  EXPECT_EQ(network->multiple(), 1);
  EXPECT_THAT(
      [&] {
        network->forward(at::full({1, 3, 8, 8}, 0.5));
      },
      testing::ThrowsMessage<common::Error>(testing::HasSubstr("got [1, 3, 8, 8]")));
  EXPECT_THAT(
      [] {
        make_network({"red", {64, 64}, 5}, 1);
      },
      testing::ThrowsMessage<common::Error>(testing::HasSubstr("'red' has one")));
}

}  // namespace
}  // namespace model

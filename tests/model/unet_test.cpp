#include "model/unet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

const NetworkConfig kSmallUNet{"unet", {4, 8, 12}, 1};

TEST(Unet, SameSeedGivesTheSameBitsAndAnotherDoesNot) {
  const auto first = by_name(make_network(kSmallUNet, 7)->weights());
  const auto again = by_name(make_network(kSmallUNet, 7)->weights());
  const auto other = by_name(make_network(kSmallUNet, 8)->weights());
  for (const auto& [name, tensor] : first) EXPECT_TRUE(at::equal(tensor, again.at(name)));
  EXPECT_FALSE(at::equal(first.at("stem.weight"), other.at("stem.weight")));
}

TEST(Unet, NamesItsParametersAsPyTorchDoes) {
  auto parameters = by_name(make_network(kSmallUNet, 7)->weights());
  EXPECT_EQ(parameters["encoder.2.0.conv1.weight"].sizes(), at::IntArrayRef({12, 12, 3, 3}));
  EXPECT_EQ(parameters["up.1.weight"].sizes(), at::IntArrayRef({12, 8, 2, 2}));
  EXPECT_EQ(parameters["context.out.bias"].sizes(), at::IntArrayRef({24}));
  EXPECT_EQ(parameters["fill_decoder.1.0.conv2.weight"].sizes(), at::IntArrayRef({8, 8, 3, 3}));
  EXPECT_EQ(parameters["guess.0.weight"].sizes(), at::IntArrayRef({4, 8, 3, 3}));
  EXPECT_EQ(parameters["head.weight"].sizes(), at::IntArrayRef({8, 4, 3, 3}));
}

TEST(Unet, StartsCloseToTheIdentityWithLittleDamageAndGray) {
  const at::NoGradGuard no_grad;
  const at::Tensor aged = textured(2, 32, 48);
  const Restoration fresh = make_network({}, 1)->forward(aged);
  EXPECT_LT(largest(fresh.luma - aged), 0.1);
  EXPECT_LT(largest(at::sigmoid(fresh.damage_logits)), 0.1);
  EXPECT_LT(largest(fresh.chroma), 0.1);
  EXPECT_EQ(fresh.chroma.sizes(), at::IntArrayRef({2, 2, 8, 12}));
}

/// A network whose heads say: residual 0.1, damage's probability 1/4, and 0.2 more than the guess
/// is what to fill with, everywhere. Of a flat picture of 0.4 the guess is about 0.5, as denoised.
std::shared_ptr<Network> network_that_says_the_same_everywhere() {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmallUNet, 1);
  auto parameters = by_name(network->weights());
  parameters["head.weight"].zero_();
  parameters["fill_head.weight"].zero_();
  parameters["head.bias"].narrow(0, 0, 4).fill_(0.1);
  parameters["head.bias"].narrow(0, 4, 4).fill_(-std::log(3.0));
  parameters["fill_head.bias"].fill_(0.2);
  return network;
}

TEST(Unet, GatesBetweenTheDenoisedAndTheFilledPicture) {
  const at::NoGradGuard no_grad;
  const auto network = network_that_says_the_same_everywhere();
  const at::Tensor luma = network->forward(at::full({1, 1, 8, 8}, 0.4)).luma;
  const double expected = 0.4 + 0.75 * 0.1 + 0.25 * (0.7 - 0.4);
  EXPECT_LT(largest(luma - expected), 1e-6);
}

TEST(Unet, AShiftOfTheDamageMovesWhatIsSaidAndTheGate) {
  const at::NoGradGuard no_grad;
  const auto network = network_that_says_the_same_everywhere();
  const auto said = network->forward(at::full({1, 1, 8, 8}, 0.4), {}, std::log(9.0));
  EXPECT_LT(largest(at::sigmoid(said.damage_logits) - 0.75), 1e-6);
  EXPECT_LT(largest(said.luma - (0.4 + 0.25 * 0.1 + 0.75 * (0.7 - 0.4))), 1e-6);
}

TEST(Unet, TakesKnownDamageInsteadOfWhatItFinds) {
  const at::NoGradGuard no_grad;
  const auto network = network_that_says_the_same_everywhere();
  at::Tensor known = at::full({1, 1, 8, 8}, -1.0);  // unknown: a gate of 1/4
  known.narrow(3, 0, 2).fill_(1);
  known.narrow(3, 2, 2).fill_(0);
  const at::Tensor luma = network->forward(at::full({1, 1, 8, 8}, 0.4), known).luma[0][0][3];
  EXPECT_NEAR(luma[1].item<double>(), 0.7, 1e-6);
  EXPECT_NEAR(luma[3].item<double>(), 0.5, 1e-6);
  EXPECT_NEAR(luma[5].item<double>(), 0.4 + 0.75 * 0.1 + 0.25 * (0.7 - 0.4), 1e-6);
}

TEST(Unet, TheFillDoesNotSeeWhatIsDamaged) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmallUNet, 1);
  put_values_everywhere(network->weights());
  by_name(network->weights())["head.weight"].zero_();  // what is left of the aged picture
  const at::Tensor aged = textured(1, 32, 32), all_damaged = at::full({1, 1, 32, 32}, 1.0);
  const at::Tensor luma = network->forward(aged, all_damaged).luma;
  EXPECT_LT(largest(luma - network->forward(1 - aged, all_damaged).luma), 1e-6);
}

TEST(Unet, SeesFarButNoOtherPicture) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmallUNet, 1);
  put_values_everywhere(network->weights());
  const at::Tensor aged = textured(2, 256, 256);
  at::Tensor changed = aged.clone();
  changed[0].narrow(1, 0, 32).narrow(2, 0, 32).fill_(1);
  const auto beyond = [&](const at::Tensor& x, int64_t n) {  // 64 pixels from what changed
    return network->forward(x).luma[n].narrow(1, 96, 4).narrow(2, 96, 4);
  };
  EXPECT_GT(largest(beyond(changed, 0) - beyond(aged, 0)), 1e-5);
  EXPECT_EQ(largest(beyond(changed, 1) - beyond(aged, 1)), 0);
}

TEST(Unet, EveryParameterLearns) {
  const auto network = make_network(kSmallUNet, 1);
  put_values_everywhere(network->weights());
  const Restoration out = network->forward(textured(2, 16, 16));
  (out.luma.square().mean() + out.damage_logits.square().mean() + out.chroma.square().mean())
      .backward();
  for (const auto& [name, tensor] : network->weights()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_GT(largest(tensor.grad()), 0) << name;
  }
}

TEST(Unet, RefusesWhatIsNoMultipleAndColour) {
  expect_refuses_what_does_not_fit(*make_network(kSmallUNet, 1));
}

}  // namespace
}  // namespace model

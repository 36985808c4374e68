#include "model/unet.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sin.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "common/error.h"

namespace model {
namespace {

const NetworkConfig kSmall{"unet", {4, 8, 12}, 1};

/// A textured batch in [0,1] that needs no generator.
at::Tensor pictures(int64_t count, int64_t height, int64_t width) {
  const at::Tensor n = at::arange(count * height * width, at::kFloat);
  return (0.5 + 0.4 * at::sin(n * 0.7) * at::sin(n * 0.013)).reshape({count, 1, height, width});
}

/// Fresh networks have zeros where training puts values; this puts some everywhere.
void perturb(Network& network) {
  const at::NoGradGuard no_grad;
  double phase = 0;
  for (const auto& [name, parameter] : network.weights()) {
    const at::Tensor n = at::arange(parameter.numel(), at::kFloat);
    at::Tensor(parameter) += 0.05 * at::sin(n + ++phase).reshape(parameter.sizes());
  }
}

std::map<std::string, at::Tensor> weights_by_name(const Network& network) {
  std::map<std::string, at::Tensor> named;
  for (const auto& [name, tensor] : network.weights()) named.emplace(name, tensor);
  return named;
}

double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

TEST(Unet, SameSeedGivesTheSameBitsAndAnotherDoesNot) {
  const auto first = weights_by_name(*make_network(kSmall, 7));
  const auto again = weights_by_name(*make_network(kSmall, 7));
  const auto other = weights_by_name(*make_network(kSmall, 8));
  for (const auto& [name, tensor] : first) EXPECT_TRUE(at::equal(tensor, again.at(name)));
  EXPECT_FALSE(at::equal(first.at("stem.weight"), other.at("stem.weight")));
}

TEST(Unet, NamesItsParametersAsPyTorchDoes) {
  auto parameters = weights_by_name(*make_network(kSmall, 7));
  EXPECT_EQ(parameters["encoder.2.0.conv1.weight"].sizes(), at::IntArrayRef({12, 12, 3, 3}));
  EXPECT_EQ(parameters["up.1.weight"].sizes(), at::IntArrayRef({12, 8, 2, 2}));
  EXPECT_EQ(parameters["context.out.bias"].sizes(), at::IntArrayRef({24}));
  EXPECT_EQ(parameters["head.weight"].sizes(), at::IntArrayRef({3, 4, 3, 3}));
}

TEST(Unet, StartsCloseToTheIdentityWithLittleDamage) {
  const at::NoGradGuard no_grad;
  const at::Tensor aged = pictures(2, 32, 24);
  const Restoration fresh = make_network({}, 1)->forward(aged);
  EXPECT_LT(largest(fresh.luma - aged), 0.1);
  EXPECT_LT(largest(at::sigmoid(fresh.damage_logits)), 0.1);
}

TEST(Unet, GatesBetweenTheDenoisedAndTheFilledPicture) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmall, 1);
  auto parameters = weights_by_name(*network);
  parameters["head.weight"].zero_();
  at::Tensor head = parameters["head.bias"];
  head[0] = 0.1, head[1] = 0.7, head[2] = -std::log(3.0);  // a gate of 1/4
  const at::Tensor luma = network->forward(at::full({1, 1, 8, 8}, 0.4)).luma;
  const double expected = 0.4 + 0.75 * 0.1 + 0.25 * (0.7 - 0.4);
  EXPECT_LT(largest(luma - expected), 1e-6);
}

TEST(Unet, SeesTheWholePictureButNoOther) {
  const at::NoGradGuard no_grad;
  const auto network = make_network(kSmall, 1);
  perturb(*network);
  const at::Tensor aged = pictures(2, 128, 128);
  at::Tensor changed = aged.clone();
  changed[0].narrow(1, 0, 32).narrow(2, 0, 32).fill_(1);
  const auto corner = [&](const at::Tensor& x, int64_t n) {
    return network->forward(x).luma[n].narrow(1, 124, 4).narrow(2, 124, 4);
  };
  EXPECT_GT(largest(corner(changed, 0) - corner(aged, 0)), 1e-5);
  EXPECT_EQ(largest(corner(changed, 1) - corner(aged, 1)), 0);
}

TEST(Unet, EveryParameterLearns) {
  const auto network = make_network(kSmall, 1);
  perturb(*network);
  const Restoration out = network->forward(pictures(2, 16, 16));
  (out.luma.square().mean() + out.damage_logits.square().mean()).backward();
  for (const auto& [name, tensor] : network->weights()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_GT(largest(tensor.grad()), 0) << name;
  }
}

TEST(Unet, RefusesWhatIsNoMultipleAndColour) {
  const auto network = make_network(kSmall, 1);
  EXPECT_EQ(network->multiple(), 4);
  const auto refusal = [&](at::IntArrayRef shape, const char* message) {
    EXPECT_THAT([&] { network->forward(at::full(shape, 0.5)); },
                testing::ThrowsMessage<common::Error>(testing::HasSubstr(message)));
  };
  refusal({1, 1, 16, 18}, "multiples of 4, got [1, 1, 16, 18]");
  refusal({1, 3, 16, 16}, "takes [N,1,H,W]");
  refusal({1, 1, 0, 16}, "takes [N,1,H,W]");
}

}  // namespace
}  // namespace model

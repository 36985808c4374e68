#include "model/restorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

using common::ErrorKind;

NetworkConfig small(std::vector<int64_t> find = {16, 24}, std::vector<int64_t> restore = {16, 24},
                    std::vector<int64_t> colourise = {16, 24}) {
  return {.name = "restorer",
          .widths = {},
          .blocks = 1,
          .find = std::move(find),
          .restore = std::move(restore),
          .colourise = std::move(colourise)};
}

TEST(Restorer, SameSeedGivesTheSameBitsAndAnotherDoesNot) {
  const auto first = by_name(make_network(small(), 7)->weights());
  const auto again = by_name(make_network(small(), 7)->weights());
  const auto other = by_name(make_network(small(), 8)->weights());
  for (const auto& [name, tensor] : first) EXPECT_TRUE(at::equal(tensor, again.at(name)));
  EXPECT_FALSE(at::equal(first.at("find.stem.weight"), other.at("find.stem.weight")));
}

TEST(Restorer, NamesItsParametersAsPyTorchDoes) {
  auto parameters = by_name(make_network(small(), 7)->weights());
  EXPECT_EQ(parameters["find.stem.weight"].sizes(), at::IntArrayRef({16, 4, 3, 3}));
  EXPECT_EQ(parameters["restore.stem.weight"].sizes(), at::IntArrayRef({16, 12, 3, 3}));
  EXPECT_EQ(parameters["restore.encoder.1.0.conv1.weight"].sizes(),
            at::IntArrayRef({24, 24, 3, 3}));
  EXPECT_EQ(parameters["restore.up.0.weight"].sizes(), at::IntArrayRef({24, 16, 2, 2}));
  EXPECT_EQ(parameters["restore.head.weight"].sizes(), at::IntArrayRef({4, 16, 3, 3}));
  EXPECT_EQ(parameters["colourise.head.weight"].sizes(), at::IntArrayRef({2, 16, 3, 3}));
}

TEST(Restorer, StartsCloseToTheIdentityWithLittleDamageAndGray) {
  const at::NoGradGuard no_grad;
  const at::Tensor aged = textured(2, 32, 48);
  const Restoration fresh = make_network(small(), 1)->forward(aged);
  EXPECT_LT(largest(fresh.luma - aged), 0.1);
  EXPECT_LT(largest(at::sigmoid(fresh.damage_logits)), 0.1);
  EXPECT_LT(largest(fresh.chroma), 0.1);
  EXPECT_EQ(fresh.chroma.sizes(), at::IntArrayRef({2, 2, 8, 12}));
}

TEST(Restorer, NoGradientRunsBetweenItsParts) {
  const auto network = trained(small());
  const Restoration said = network->forward(textured(2, 32, 32));
  const auto gradients_of = [&](const at::Tensor& loss) {
    for (const auto& weight : network->weights()) at::Tensor(weight.tensor).mutable_grad().reset();
    loss.square().mean().backward({}, /*retain_graph=*/true);
    std::map<std::string, double> largest_of;
    for (const auto& [name, tensor] : network->weights()) {
      double& most = largest_of[name.substr(0, name.find('.'))];
      if (tensor.grad().defined()) most = std::max(most, largest(tensor.grad()));
    }
    return largest_of;
  };
  for (const auto& [part, loss] : std::map<std::string, at::Tensor>{
           {"find", said.damage_logits}, {"restore", said.luma}, {"colourise", said.chroma}}) {
    for (const auto& [name, gradient] : gradients_of(loss)) {
      EXPECT_EQ(gradient > 0, name == part) << "the loss of " << part << " at " << name;
    }
  }
}

TEST(Restorer, DoesNotSeeWhatIsDamaged) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 64, 64), known = partly_known(aged).clamp_min(0);
  const at::Tensor other = at::where(known > 0, 1 - aged, aged);
  EXPECT_LT(largest(network->forward(aged, known).luma - network->forward(other, known).luma),
            1e-6);
  EXPECT_GT(largest(network->forward(aged).luma - network->forward(other).luma), 0.01);
}

TEST(Restorer, TakesMorePixelsForDamageIfToldSo) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 32, 32);
  const Restoration usual = network->forward(aged),
                    more = network->forward(aged, {}, {.shift = 1.5});
  EXPECT_LT(largest(more.damage_logits - usual.damage_logits - 1.5), 1e-5);
  const Restoration all = network->forward(aged, {}, {.shift = 30});
  EXPECT_TRUE(at::allclose(all.luma, network->forward(aged, at::ones_like(aged)).luma));
  EXPECT_GT(largest(all.luma - usual.luma), 1e-3);
}

TEST(Restorer, WhatTheRuleDoesNotFillIsDenoisedAsWhatIsIntact) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 32, 32);
  const Restoration kept =
      network->forward(aged, {}, {.filled_from = std::numeric_limits<double>::infinity()});
  EXPECT_EQ(largest(kept.filled), 0);
  const Restoration filled = network->forward(aged, {}, {.filled_from = -30});
  EXPECT_TRUE(at::allclose(filled.filled, at::ones_like(aged)));
  EXPECT_GT(largest(filled.luma - kept.luma), 1e-3);
}

TEST(Restorer, FillsWhatMayBeDamagedAndItsRim) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 32, 32);
  const at::Tensor logits = network->forward(aged).damage_logits;
  const double from = logits.max().item<double>() - 1e-3;
  const at::Tensor filled = network->forward(aged, {}, {.filled_from = from}).filled > 0.5;
  const at::Tensor found = (logits >= from).to(at::kFloat);
  EXPECT_TRUE(at::equal(filled, at::max_pool2d(found, 3, 1, 1) > 0.5));
  EXPECT_GT(filled.sum().item<int64_t>(), found.sum().item<double>());
}

TEST(Restorer, WhiteNoiseIsForADenoiserAndTheDamageInItIsNot) {
  const at::NoGradGuard no_grad;
  NetworkConfig config = small({16, 24}, {16, 24}, {});
  config.denoise = {16, 24};
  const auto all = trained(config), restores = trained(small({16, 24}, {16, 24}, {}));
  config.find = config.restore = {};
  const auto denoises = trained(config);
  const auto take_weights = [&](const model::Network& network) {
    auto weights = by_name(all->weights());
    for (auto& [name, tensor] : by_name(network.weights())) tensor.copy_(weights[name]);
  };
  take_weights(*restores);
  take_weights(*denoises);
  const at::Tensor aged = textured(1, 32, 32), intact = at::zeros_like(aged);
  const at::Tensor damage = aged > 0.6, known = damage.to(at::kFloat);
  const DamageRule white{.white_noise = true};
  EXPECT_TRUE(at::equal(all->forward(aged, known).luma, restores->forward(aged, known).luma));
  EXPECT_TRUE(at::equal(all->forward(aged, intact, white).luma, denoises->forward(aged).luma));
  const at::Tensor mixed =
      at::where(damage, restores->forward(aged, known).luma, denoises->forward(aged).luma);
  EXPECT_TRUE(at::allclose(all->forward(aged, known, white).luma, mixed));
  EXPECT_GT(largest(mixed - all->forward(aged, intact, white).luma), 1e-3);
  EXPECT_TRUE(denoises->restores_luma());
}

TEST(Restorer, PartsMayBeMissing) {
  const at::NoGradGuard no_grad;
  const at::Tensor aged = textured(1, 32, 32);
  const Restoration found = trained(small({16, 24}, {}, {}))->forward(aged);
  EXPECT_TRUE(at::equal(found.luma, aged));
  EXPECT_TRUE(found.damage_logits.defined());
  EXPECT_FALSE(found.filled.defined() || found.chroma.defined());
  const auto restore = trained(small({}, {16, 24}, {}));
  EXPECT_FALSE(restore->forward(aged).damage_logits.defined());
  const at::Tensor intact = at::zeros_like(aged), unknown = at::full_like(aged, -1);
  EXPECT_TRUE(at::equal(restore->forward(aged, unknown).luma, restore->forward(aged, intact).luma));
  const Restoration coloured = trained(small({}, {}, {16, 24}))->forward(aged);
  EXPECT_TRUE(at::equal(coloured.luma, aged));
  EXPECT_GT(largest(coloured.chroma), 0.01);
}

TEST(Restorer, SaysOfAPixelWhatItsSurroundingsSayInAnyWindow) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 320, 320);
  const auto middle = [&](int64_t window) {
    const int64_t begin = 160 - window / 2;
    const at::Tensor cut = aged.narrow(2, begin, window).narrow(3, begin, window);
    const Restoration said = network->forward(cut);
    const int64_t from = 160 - 8 - begin;
    return at::cat({said.luma, said.damage_logits}, 1).narrow(2, from, 16).narrow(3, from, 16);
  };
  const at::Tensor whole = middle(320);
  for (const int64_t window : {112, 176, 304}) EXPECT_LT(largest(middle(window) - whole), 1e-4);
}

TEST(Restorer, RefusesWhatIsNoMultipleAndColour) {
  expect_refuses_what_does_not_fit(*make_network(small(), 1));
  EXPECT_EQ(make_network(small({16, 24}, {16, 24, 24}, {}), 1)->multiple(), 8);
  EXPECT_EQ(make_network(small({}, {}, {16, 24, 24}), 1)->multiple(), 16);
}

class PreparedRestorer : public testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (GetParam() == Precision::bf16 && !processor_has_bf16()) {
      GTEST_SKIP() << "this processor does not multiply bf16";
    }
  }
  /// The largest difference that a precision may make, of values of about 1.
  static double tolerance() { return GetParam() == Precision::bf16 ? 0.03 : 1e-5; }
};

TEST_P(PreparedRestorer, SaysWhatThePlainNetworkSays) {
  const at::NoGradGuard no_grad;
  const auto plain = trained(small()), prepared = trained(small());
  prepared->prepare_for_inference({.precision = GetParam()});
  const at::Tensor aged = textured(2, 64, 96), known = partly_known(aged);
  expect_close(prepared->forward(aged), plain->forward(aged), tolerance());
  EXPECT_TRUE(at::equal(prepared->damage_logits(aged), prepared->forward(aged).damage_logits));
  expect_close(prepared->forward(aged, known), plain->forward(aged, known), tolerance());
}

TEST(Restorer, DamageIsLookedForInLumaOfTheRulesContrast) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 64, 64);
  const model::DamageRule rule{.shift = 1, .gain = 2, .offset = -0.3};
  const at::Tensor said = network->forward(0.5 * aged + 0.15, {}, rule).damage_logits;
  EXPECT_TRUE(at::allclose(said, network->damage_logits(aged) + 1, 1e-4, 1e-4));
  EXPECT_FALSE(at::allclose(said, network->damage_logits(0.5 * aged + 0.15) + 1, 1e-2, 1e-2));
}

TEST(Restorer, ASecondLookSeesThePictureOnItsSide) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const auto turned = [](const at::Tensor& x, int64_t quarters) {
    return at::rot90(x, quarters, {2, 3}).contiguous();
  };
  const at::Tensor aged = textured(1, 64, 96);
  const at::Tensor mean =
      (network->damage_logits(aged) + turned(network->damage_logits(turned(aged, 1)), -1)) / 2;
  EXPECT_LT(largest(network->damage_logits(aged, {.shift = 2, .twice = true}) - mean - 2), 1e-5);
  EXPECT_GT(largest(mean - network->damage_logits(aged)), 1e-2);
}

TEST_P(PreparedRestorer, ForgetsTheLastTileAndTakesAnyNumberOfPreparations) {
  const at::NoGradGuard no_grad;
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 64, 64);
  network->prepare_for_inference({.precision = GetParam()});
  const at::Tensor first = network->forward(aged).luma;
  network->forward(1 - textured(1, 32, 96));
  EXPECT_TRUE(at::equal(network->forward(aged).luma, first));
  network->prepare_for_inference({.precision = GetParam(), .colour = false});
  const Restoration gray = network->forward(aged);
  EXPECT_FALSE(gray.chroma.defined());
  EXPECT_TRUE(at::equal(gray.luma, first));
}

INSTANTIATE_TEST_SUITE_P(Precisions, PreparedRestorer,
                         testing::Values(Precision::fp32, Precision::bf16), [](const auto& test) {
                           return test.param == Precision::bf16 ? "Bf16" : "Fp32";
                         });

TEST(PreparedRestorerWeights, AreThoseOfTheTimeOfThePreparationAndAreNotTrained) {
  const auto network = trained(small());
  const at::Tensor aged = textured(1, 32, 32);
  const auto luma = [&] {
    const at::NoGradGuard no_grad;
    return network->forward(aged).luma;
  };
  network->prepare_for_inference({.precision = Precision::fp32});
  const at::Tensor before = luma();
  {
    const at::NoGradGuard no_grad;
    by_name(network->weights())["restore.head.bias"].add_(1);
  }
  EXPECT_TRUE(at::equal(luma(), before));
  network->prepare_for_inference({.precision = Precision::fp32});
  EXPECT_GT(largest(luma() - before), 0.1);
  tests::expect_error(ErrorKind::internal, "passes no gradients on",
                      [&] { network->forward(aged); });
  network->move_to(at::kCPU);  // as it was
  EXPECT_TRUE(network->forward(aged).luma.requires_grad());
}

TEST(PreparedRestorerWeights, NeedAProcessorThatMultipliesBf16) {
  if (processor_has_bf16()) GTEST_SKIP() << "this processor does";
  const auto network = trained(small());
  tests::expect_error(ErrorKind::usage, "AVX512_BF16",
                      [&] { network->prepare_for_inference({.precision = Precision::bf16}); });
  EXPECT_EQ(fastest_precision(), Precision::fp32);
}

}  // namespace
}  // namespace model

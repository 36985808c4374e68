#include "model/prepared_unet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

using common::ErrorKind;

const NetworkConfig kSmallPrepared{"unet", {16, 24, 32}, 2};

/// The largest difference that a precision may make, of values of about 1.
double tolerance(Precision precision) { return precision == Precision::bf16 ? 0.02 : 1e-5; }

class PreparedUnet : public testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (GetParam() == Precision::bf16 && !processor_has_bf16()) {
      GTEST_SKIP() << "this processor does not multiply bf16";
    }
  }
};

TEST_P(PreparedUnet, SaysWhatThePlainNetworkSays) {
  const at::NoGradGuard no_grad;
  const auto plain = trained(kSmallPrepared), prepared = trained(kSmallPrepared);
  prepared->prepare_for_inference({.precision = GetParam()});
  const at::Tensor aged = textured(2, 64, 96), known = partly_known(aged);
  expect_close(prepared->forward(aged), plain->forward(aged), tolerance(GetParam()));
  for (Network* network : {plain.get(), prepared.get()}) {
    EXPECT_TRUE(at::equal(network->damage_logits(aged), network->forward(aged).damage_logits));
  }
  expect_close(prepared->forward(aged, {}, -1.5), plain->forward(aged, {}, -1.5),
               tolerance(GetParam()));
  expect_close(prepared->forward(aged, known), plain->forward(aged, known), tolerance(GetParam()));
}

TEST_P(PreparedUnet, ForgetsTheLastTileAndTakesAnyNumberOfPreparations) {
  const at::NoGradGuard no_grad;
  const auto network = trained(kSmallPrepared);
  const at::Tensor aged = textured(1, 64, 64);
  network->prepare_for_inference({.precision = GetParam()});
  const at::Tensor first = network->forward(aged).luma;
  network->forward(1 - textured(1, 32, 96));
  EXPECT_TRUE(at::equal(network->forward(aged).luma, first));
  network->prepare_for_inference({.precision = GetParam()});
  EXPECT_TRUE(at::equal(network->forward(aged).luma, first));
}

TEST_P(PreparedUnet, AShiftOfNothingChangesNoBit) {
  const at::NoGradGuard no_grad;
  const auto network = trained(kSmallPrepared);
  const at::Tensor aged = textured(1, 64, 64);
  network->prepare_for_inference({.precision = GetParam()});
  const Restoration said = network->forward(aged), same = network->forward(aged, {}, 0);
  EXPECT_TRUE(at::equal(same.luma, said.luma));
  EXPECT_TRUE(at::equal(same.damage_logits, said.damage_logits));
  EXPECT_FALSE(at::equal(network->forward(aged, {}, 1.5).luma, said.luma));
}

TEST_P(PreparedUnet, SaysTheSameOfLumaWithoutColour) {
  const at::NoGradGuard no_grad;
  const auto network = trained(kSmallPrepared);
  const at::Tensor aged = textured(1, 64, 64);
  network->prepare_for_inference({.precision = GetParam()});
  const at::Tensor luma = network->forward(aged).luma;
  network->prepare_for_inference({.precision = GetParam(), .colour = false});
  const Restoration gray = network->forward(aged);
  EXPECT_FALSE(gray.chroma.defined());
  EXPECT_TRUE(at::equal(gray.luma, luma));
}

INSTANTIATE_TEST_SUITE_P(Precisions, PreparedUnet,
                         testing::Values(Precision::fp32, Precision::bf16), [](const auto& test) {
                           return test.param == Precision::bf16 ? "Bf16" : "Fp32";
                         });

TEST(PreparedUnetWeights, AreTheseOfTheTimeOfThePreparation) {
  const at::NoGradGuard no_grad;
  const auto network = trained(kSmallPrepared);
  const at::Tensor aged = textured(1, 32, 32);
  network->prepare_for_inference({.precision = Precision::fp32});
  const at::Tensor before = network->forward(aged).luma;
  by_name(network->weights())["head.bias"].add_(1);
  EXPECT_TRUE(at::equal(network->forward(aged).luma, before));
  network->prepare_for_inference({.precision = Precision::fp32});
  EXPECT_GT(largest(network->forward(aged).luma - before), 0.1);
}

TEST(PreparedUnetWeights, AreNotTrained) {
  const auto network = trained(kSmallPrepared);
  network->prepare_for_inference({.precision = Precision::fp32});
  tests::expect_error(ErrorKind::internal, "passes no gradients on",
                      [&] { network->forward(textured(1, 32, 32)); });
  network->move_to(at::kCPU);  // as it was
  EXPECT_TRUE(network->forward(textured(1, 32, 32)).luma.requires_grad());
}

TEST(PreparedUnetWeights, NeedAProcessorThatMultipliesBf16) {
  if (processor_has_bf16()) GTEST_SKIP() << "this processor does";
  const auto network = trained(kSmallPrepared);
  tests::expect_error(ErrorKind::usage, "AVX512_BF16",
                      [&] { network->prepare_for_inference({.precision = Precision::bf16}); });
  EXPECT_EQ(fastest_precision(), Precision::fp32);
}

TEST(PreparedRedNet, IsWhatItWas) {
  const auto network = trained({"red", {8}, 5});
  const at::Tensor aged = textured(1, 16, 16), before = network->forward(aged).luma;
  network->prepare_for_inference({});
  EXPECT_TRUE(at::equal(network->forward(aged).luma, before));
}

}  // namespace
}  // namespace model

#include "worker/convolution_work.h"

#include <gtest/gtest.h>

#include "device/torch.h"
#include "model/precision.h"
#include "tests/common/expect_error.h"
#include "worker/forward_backward.h"
#include "worker/weights.h"

namespace {

using common::ErrorKind;

std::shared_ptr<model::Network> tiny_network() {
  model::NetworkConfig config;
  config.find = config.restore = {4, 8};
  config.colourise = {4};
  config.blocks = 1;
  return model::make_network(config, 1);
}

// RED-Net of three convolutions and three deconvolutions with 4 channels; its multiply-adds on 8 x
// 8 pixels, forward.
std::shared_ptr<model::Network> small_red_net() { return model::make_network({"red", {4}, 3}, 1); }
constexpr int64_t kFirst = (1 * 4 * 9) * 64, kInner = 4 * (4 * 4 * 9) * 64, kLast = kFirst;

TEST(ConvolutionFlops, CountForwardAndBothGradients) {
  const auto network = small_red_net();
  // The picture needs no gradient, so the first has two passes and the others three.
  EXPECT_EQ(worker::convolution_flops(*network, 8), 2 * (2 * kFirst + 3 * (kInner + kLast)));
  EXPECT_EQ(worker::convolution_flops(*network, 16), 4 * worker::convolution_flops(*network, 8));
}

TEST(ConvolutionFlops, LeaveOutGradientsThatFrozenWeightsDoNotNeed) {
  const auto network = small_red_net();
  worker::freeze(network->weights(), {"conv.*", "deconv.[01].*"});  // all but the last
  EXPECT_EQ(worker::convolution_flops(*network, 8), 2 * (kFirst + kInner + 2 * kLast));
}

TEST(Freeze, TakesTheNamesThatMatchAndReturnsTheOthers) {
  const auto network = tiny_network();
  const auto all = network->weights();
  const auto trained = worker::freeze(all, {"find.*", "*.bias"});
  EXPECT_LT(trained.size(), all.size());
  for (const auto& [name, tensor] : all) {
    const bool frozen = name.starts_with("find.") || name.ends_with(".bias");
    EXPECT_EQ(tensor.requires_grad(), !frozen) << name;
  }
  for (const auto& [name, tensor] : trained) EXPECT_TRUE(tensor.requires_grad()) << name;
}

TEST(Freeze, NamesAPatternThatMatchesNothing) {
  const auto parameters = tiny_network()->weights();
  const auto freeze = [&](const std::vector<std::string>& patterns) {
    return [&, patterns] { worker::freeze(parameters, patterns); };
  };
  tests::expect_error(ErrorKind::config,
                      "no weight is named like 'encodr.*'; weights are find.stem.weight",
                      freeze({"find.*", "encodr.*"}));
  tests::expect_error(ErrorKind::config, "leaves no weight to train", freeze({"*"}));
}

TEST(Precision, Bf16IsCloseToFp32WhereTheProcessorHasItAndRefusedElsewhere) {
  const auto network = tiny_network();
  const at::Tensor aged = at::rand({2, 1, 8, 8});
  const auto require = [] { worker::require_precision("bf16", at::kCPU); };
  if (!model::processor_has_bf16()) {
    tests::expect_error(ErrorKind::config, "does not multiply bf16", require);
    return;
  }
  require();
  const auto exact = worker::forward_in("fp32", *network, aged, {});
  const auto rounded = worker::forward_in("bf16", *network, aged, {});
  EXPECT_EQ(rounded.luma.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::allclose(rounded.luma, exact.luma, 0, 2e-2));
  EXPECT_FALSE(at::allclose(rounded.damage_logits, exact.damage_logits, 0, 1e-7));
  rounded.damage_logits.sum().backward();
  EXPECT_EQ(network->weights()[0].tensor.grad().scalar_type(), at::kFloat);
}

}  // namespace

#include "worker/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "device/torch.h"
#include "worker/trainer_state.h"

namespace {

using device::NamedTensor;

NamedTensor parameter(at::IntArrayRef shape, double value, double gradient) {
  at::Tensor tensor = at::full(shape, value).requires_grad_();
  tensor.mutable_grad() = at::full(shape, gradient);
  return {"w", tensor};
}

TEST(AdamW, FirstStepIsTheLearningRateAndWeightsAloneDecay) {
  worker::OptimizerConfig config;
  config.weight_decay = 0.5;
  const std::vector<NamedTensor> parameters{parameter({1, 1}, 2, 7), parameter({1}, 2, -3)};
  worker::AdamW optimizer(config, parameters);
  optimizer.step(0.01);
  // The first step of Adam has the length of the learning rate whatever the gradient.
  EXPECT_NEAR(parameters[0].tensor.item<float>(), 2 * (1 - 0.01 * 0.5) - 0.01, 1e-6);
  EXPECT_NEAR(parameters[1].tensor.item<float>(), 2 + 0.01, 1e-6);
}

TEST(AdamW, FollowsItsPublishedEquationsOverSteps) {
  worker::OptimizerConfig config;
  config.weight_decay = 0;
  const std::vector<NamedTensor> parameters{parameter({1}, 1, 0)};
  worker::AdamW optimizer(config, parameters);
  double weight = 1, m = 0, v = 0;
  for (int t = 1; t <= 5; ++t) {
    const double gradient = t % 2 == 0 ? -0.5 : t;
    parameters[0].tensor.mutable_grad().fill_(gradient);
    optimizer.step(0.1);
    m = config.beta1 * m + (1 - config.beta1) * gradient;
    v = config.beta2 * v + (1 - config.beta2) * gradient * gradient;
    weight -= 0.1 * (m / (1 - std::pow(config.beta1, t))) /
              (std::sqrt(v / (1 - std::pow(config.beta2, t))) + config.epsilon);
  }
  EXPECT_NEAR(parameters[0].tensor.item<float>(), weight, 1e-5);
  EXPECT_NEAR(optimizer.first_moments()[0].tensor.item<float>(), m, 1e-5);
  EXPECT_NEAR(optimizer.second_moments()[0].tensor.item<float>(), v, 1e-5);
}

TEST(ClipFactor, ShortensOnlyWhatIsTooLong) {
  EXPECT_EQ(worker::clip_factor(4, 1), 0.25);
  EXPECT_EQ(worker::clip_factor(0.5, 1), 1);
  EXPECT_EQ(worker::clip_factor(100, 0), 1);
}

TEST(Ema, StartsAtTheWeightsAndForgetsFastAtFirst) {
  const std::vector<NamedTensor> weights{parameter({2}, 1, 0)}, average{parameter({2}, 9, 0)};
  worker::Ema ema(weights, average, 0.999);
  EXPECT_EQ(average[0].tensor[0].item<float>(), 1);
  weights[0].tensor.detach().fill_(12);
  ema.update(1);  // decay 2/11
  EXPECT_NEAR(average[0].tensor[1].item<float>(), 1 + 11 * (9.0 / 11), 1e-5);
  ema.update(1'000'000);  // decay 0.999
  EXPECT_NEAR(average[0].tensor[1].item<float>(), 10 + 2 * 0.001, 1e-5);
}

}  // namespace

#include "model/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/sigmoid.h>

#include <string>

#include "common/error.h"

namespace model {
namespace {

constexpr double kCharbonnierEpsilonSquared = 1e-6;

/// x[.., 1:] - x[.., :-1] along `dim`.
at::Tensor forward_difference(const at::Tensor& x, int64_t dim) {
  const int64_t count = x.size(dim) - 1;
  return x.narrow(dim, 1, count) - x.narrow(dim, 0, count);
}

}  // namespace

void LossConfig::validate() const {
  LossConfig copy = *this;  // `fields` serves reading too, so it takes no const
  copy.fields([](const char* key, double weight, const char*) {
    if (weight >= 0 && weight <= 1e6) return;  // a NaN fails both
    throw common::Error(
        common::ErrorKind::config,
        "loss." + std::string(key) + " is " + std::to_string(weight) + "; a weight is 0 to 1e6");
  });
  if (luma == 0) {
    throw common::Error(common::ErrorKind::config,
                        "loss.luma is 0: nothing would be learnt of the picture");
  }
}

at::Tensor restoration_loss(const Restoration& restoration, const at::Tensor& clean_luma,
                            const at::Tensor& damage, const LossConfig& config) {
  const auto& [luma, logits] = restoration;
  at::Tensor loss =
      config.luma * charbonnier_loss(luma, clean_luma, damage, config.damage_emphasis);
  if (config.gradient > 0) loss = loss + config.gradient * gradient_loss(luma, clean_luma);
  if (config.damage_bce > 0) loss = loss + config.damage_bce * damage_bce_loss(logits, damage);
  if (config.damage_dice > 0) loss = loss + config.damage_dice * damage_dice_loss(logits, damage);
  return loss;
}

at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis) {
  const at::Tensor distance = ((a - b).square() + kCharbonnierEpsilonSquared).sqrt();
  return (distance * (1 + emphasis * damage)).mean();
}

at::Tensor gradient_loss(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = a - b;
  return forward_difference(difference, 2).abs().mean() +
         forward_difference(difference, 3).abs().mean();
}

at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage) {
  return at::binary_cross_entropy_with_logits(logits, damage);
}

at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage) {
  const at::Tensor probability = at::sigmoid(logits);
  const at::Tensor overlap = (probability * damage).sum({1, 2, 3});
  const at::Tensor total = probability.sum({1, 2, 3}) + damage.sum({1, 2, 3});
  return (1 - (2 * overlap + 1) / (total + 1)).mean();
}

at::Tensor luma_of(const at::Tensor& rgb) {
  if (rgb.dim() != 4 || rgb.size(1) != 3) {
    throw common::Error(common::ErrorKind::config, "luma_of takes [N,3,H,W], got " +
                                                       std::to_string(rgb.dim()) + " dimensions");
  }
  const auto channel = [&](int64_t i) { return rgb.narrow(1, i, 1); };
  return 0.299 * channel(0) + 0.587 * channel(1) + 0.114 * channel(2);
}

}  // namespace model

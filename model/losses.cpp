#include "model/losses.h"

#include <cmath>
#include <string_view>
#include <type_traits>

#include "common/error.h"
#include "device/torch.h"
#include "model/ab_bins.h"
#include "model/chroma.h"
#include "model/quarter_colour.h"

namespace model {
namespace {

constexpr double kCharbonnierEpsilonSquared = 1e-6;
// 30 dB: below this error the logarithm flattens out. With 50 dB the many pictures that are almost
// right weighed so much that the network learnt no denoising.
constexpr double kSquareFloor = 1e-3;
constexpr double kChromaBeta = 0.05;

/// x[.., 1:] - x[.., :-1] along `dim`.
at::Tensor forward_difference(const at::Tensor& x, int64_t dim) {
  const int64_t count = x.size(dim) - 1;
  return x.narrow(dim, 1, count) - x.narrow(dim, 0, count);
}

common::Error config_error(const std::string& message) {
  return {common::ErrorKind::config, message};
}

void require_weight(const std::string& key, double weight, int least) {
  if (weight >= least && weight <= 1e6) return;  // a NaN fails both
  throw config_error("loss." + key + " is " + std::to_string(weight) + "; it must be " +
                     std::to_string(least) + " to 1e6");
}

at::Tensor class_loss(const at::Tensor& logits, const Target& target,
                      const ColourClasses& classes) {
  if (!classes.bins.defined()) {
    throw config_error(
        "a network that classifies colours is trained with colour classes: "
        "loss.colour_prior names the file that they are made of");
  }
  const at::Tensor clean = rgb_of_luma_and_chroma(target.luma, target.chroma);
  return colour_loss(logits, soft_encoding(quarter_ab(clean), classes.bins), classes.weights);
}

}  // namespace

void LossConfig::validate() const {
  LossConfig copy = *this;  // `fields` serves reading too, so it takes no const
  copy.fields([](const char* key, const auto& value, const char*) {
    if constexpr (std::is_convertible_v<decltype(value), double>) {
      require_weight(key, value, key == std::string_view("damage_emphasis") ? -1 : 0);
    }
  });
  if (known_damage > 1) {
    throw config_error("loss.known_damage is " + std::to_string(known_damage) +
                       "; a share is 0 to 1");
  }
  if (charbonnier == 0 && log_mse == 0) {
    throw config_error(
        "loss.charbonnier and loss.log_mse are 0: nothing would be learnt of the picture");
  }
  if (colour == 0) throw config_error("loss.colour is 0: a colour network would learn nothing");
}

at::Tensor restoration_loss(const Restoration& restoration, const Target& target,
                            const LossConfig& config, const ColourClasses& classes) {
  const auto& [luma, logits, chroma, colour_logits, filled] = restoration;
  if (colour_logits.defined()) return config.colour * class_loss(colour_logits, target, classes);
  const auto& [clean, clean_chroma, damage] = target;
  const double emphasis = config.damage_emphasis;
  at::Tensor loss = config.charbonnier * charbonnier_loss(luma, clean, damage, emphasis);
  const auto add = [&](double weight, auto&& term) {
    if (weight > 0) loss = loss + weight * term();
  };
  add(config.log_mse, [&] { return log_mse_loss(luma, clean, damage, emphasis); });
  add(config.masked_log_mse, [&] { return masked_log_mse_loss(luma, clean, damage); });
  add(config.gradient_l1, [&] { return gradient_l1_loss(luma, clean); });
  if (logits.defined()) {
    add(config.damage_bce, [&] { return damage_bce_loss(logits, damage); });
    add(config.damage_dice, [&] { return damage_dice_loss(logits, damage); });
  }
  if (chroma.defined()) add(config.chroma, [&] { return chroma_loss(chroma, clean_chroma); });
  return loss;
}

at::Tensor known_damage(const at::Tensor& damage, double share) {
  const int64_t count = damage.size(0);
  const int64_t num_told = std::llround(share * static_cast<double>(count));
  if (num_told == 0) return {};
  const at::Tensor untold = at::full_like(damage.narrow(0, num_told, count - num_told), -1);
  const at::Tensor told = damage.narrow(0, 0, num_told);
  const at::Tensor grown = at::max_pool2d(told, 3, /*stride=*/1, /*padding=*/1);
  const at::Tensor is_grown =
      at::arange(num_told, told.options()).remainder(2).reshape({num_told, 1, 1, 1}) > 0;
  return at::cat({at::where(is_grown, grown, told), untold});
}

at::Tensor charbonnier_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                            double emphasis) {
  const at::Tensor distance = ((a - b).square() + kCharbonnierEpsilonSquared).sqrt();
  return (distance * (1 + emphasis * damage)).mean();
}

at::Tensor log_mse_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage,
                        double emphasis) {
  const at::Tensor squares = (a - b).square() * (1 + emphasis * damage);
  return (squares.mean({1, 2, 3}) + kSquareFloor).log().mean();
}

at::Tensor masked_log_mse_loss(const at::Tensor& a, const at::Tensor& b, const at::Tensor& damage) {
  const at::Tensor squares = ((a - b).square() * damage).sum({1, 2, 3});
  return (squares / (damage.sum({1, 2, 3}) + 1) + kSquareFloor).log().mean();
}

at::Tensor gradient_l1_loss(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = a - b;
  return forward_difference(difference, 2).abs().mean() +
         forward_difference(difference, 3).abs().mean();
}

at::Tensor chroma_loss(const at::Tensor& chroma, const at::Tensor& clean) {
  const at::Tensor wanted = at::adaptive_avg_pool2d(clean, {chroma.size(2), chroma.size(3)});
  return at::smooth_l1_loss(chroma, wanted, at::Reduction::Mean, kChromaBeta);
}

at::Tensor damage_bce_loss(const at::Tensor& logits, const at::Tensor& damage) {
  return at::binary_cross_entropy_with_logits(logits, damage);
}

at::Tensor damage_dice_loss(const at::Tensor& logits, const at::Tensor& damage) {
  const at::Tensor probability = at::sigmoid(logits);
  const at::Tensor overlap = (probability * damage).sum();
  return 1 - (2 * overlap + 1) / (probability.sum() + damage.sum() + 1);
}

}  // namespace model

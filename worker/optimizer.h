#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "device/named_tensor.h"
#include "device/torch.h"

namespace worker {

struct OptimizerConfig {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 1e-4;
  double max_grad_norm = 1.0;
  double ema_decay = 0.999;
  int64_t max_skipped = 10;
  std::vector<std::string> freeze;

  template <class F>
  void fields(F&& field) {
    field("learning_rate", learning_rate, "peak of AdamW's learning rate");
    field("beta1", beta1, "decay of the first moment");
    field("beta2", beta2, "decay of the second moment");
    field("epsilon", epsilon, "added to the root of the second moment");
    field("weight_decay", weight_decay, "decoupled; of weights, not of biases");
    field("max_grad_norm", max_grad_norm, "gradients are clipped to this norm; 0: never");
    field("ema_decay", ema_decay,
          "decay of the moving average (EMA) of the weights, which is validated and exported");
    field("max_skipped", max_skipped, "steps in a row with non-finite gradients before giving up");
    field(
        "freeze", freeze,
        "names of the weights that are not trained; * ? [..] match any text, one character, a set");
  }

  /// Throws Error(config).
  void validate() const;
};

/// AdamW over parameters whose gradients are defined. Tensors of two or more dimensions decay.
/// Source: Loshchilov and Hutter, 2019, arXiv 1711.05101.
class AdamW {
 public:
  AdamW(const OptimizerConfig& config, const std::vector<device::NamedTensor>& parameters);

  /// One update of all parameters from their gradients.
  void step(double learning_rate);

  /// The moments, named as the parameters and in their order: views, so that filling them restores
  /// a state.
  std::vector<device::NamedTensor> first_moments() const { return first_; }
  std::vector<device::NamedTensor> second_moments() const { return second_; }

  int64_t num_updates() const { return num_updates_; }
  void set_num_updates(int64_t count);

 private:
  /// What one fused call takes.
  struct Lists {
    double weight_decay = 0;
    std::vector<at::Tensor> parameters, gradients, first, second;
    std::vector<at::Tensor> steps;  ///< views of num_updates_on_device_
  };
  OptimizerConfig config_;
  std::vector<device::NamedTensor> first_, second_;
  Lists decayed_, plain_;
  int64_t num_updates_ = 0;
  at::Tensor num_updates_on_device_;  // [] float32
};

/// The factor that brings a gradient of this norm down to `max_norm`; 1 if it is smaller or
/// `max_norm` is 0.
double clip_factor(double norm, double max_norm);

}  // namespace worker

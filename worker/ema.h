#pragma once

#include <cstdint>
#include <vector>

#include "device/named_tensor.h"
#include "device/torch.h"

namespace worker {

/// Exponential moving average of weights, kept in the parameters of a second network, so that it
/// can be validated as it stands.
class Ema {
 public:
  /// `averaged` starts as a copy of `weights`; both lists have one order.
  Ema(const std::vector<device::NamedTensor>& weights,
      const std::vector<device::NamedTensor>& averaged, double decay);

  /// The average becomes a copy of the weights, as at first.
  void restart();

  /// After the `num_updates`-th update of the weights (1 for the first). Early averages forget
  /// faster, min(decay, (1 + n) / (10 + n)): a short run is not judged by its first weights.
  void update(int64_t num_updates);

 private:
  std::vector<at::Tensor> weights_, averaged_;
  double decay_;
};

}  // namespace worker

#pragma once

#include <cstdint>
#include <vector>

#include "device/named_tensor.h"
#include "device/torch.h"

namespace worker {

/// Exponential moving average of weights. It lives in the parameters of a second network, which can
/// therefore be validated as it is.
class Ema {
 public:
  /// `averaged` becomes a copy of `weights`; both lists have the same order.
  Ema(const std::vector<device::NamedTensor>& weights,
      const std::vector<device::NamedTensor>& averaged, double decay);

  /// Makes the average a copy of the weights again.
  void restart();

  /// After the `num_updates`-th update of the weights (1 for the first). The decay is
  /// min(decay, (1 + n) / (10 + n)), so that a short run soon forgets its random first weights.
  void update(int64_t num_updates);

 private:
  std::vector<at::Tensor> weights_, averaged_;
  double decay_;
};

}  // namespace worker

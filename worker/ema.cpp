#include "worker/ema.h"

#include <algorithm>

#include "device/torch.h"

namespace worker {

Ema::Ema(const std::vector<device::NamedTensor>& weights,
         const std::vector<device::NamedTensor>& averaged, double decay)
    : decay_(decay) {
  for (size_t i = 0; i < weights.size(); ++i) {
    weights_.push_back(weights[i].tensor.detach());
    averaged_.push_back(averaged[i].tensor.detach());
  }
  restart();
}

void Ema::restart() {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < weights_.size(); ++i) averaged_[i].copy_(weights_[i]);
}

void Ema::update(int64_t num_updates) {
  const at::NoGradGuard no_grad;
  const auto n = static_cast<double>(num_updates);
  const double decay = std::min(decay_, (1 + n) / (10 + n));
  at::_foreach_lerp_(averaged_, weights_, 1 - decay);
}

}  // namespace worker

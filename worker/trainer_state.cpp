#include "worker/trainer_state.h"

#include <algorithm>

#include "device/torch.h"
#include "worker/weights.h"

namespace worker {
namespace {

std::shared_ptr<model::Network> network_on(at::Device device, const TrainConfig& config) {
  auto network = model::make_network(config.network, static_cast<uint64_t>(config.run.seed));
  network->move_to(device);
  return network;
}

}  // namespace

TrainerState::TrainerState(comm::Group& group, const TrainConfig& config, at::Device device)
    : network(network_on(device, config)),
      ema_network(network_on(device, config)),
      trained(freeze(weights, config.optimizer.freeze)),
      gradients(group, trained, config.comm.order_of_sums()),
      optimizer(config.optimizer, trained),
      ema(weights, ema_weights, config.optimizer.ema_decay) {}

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

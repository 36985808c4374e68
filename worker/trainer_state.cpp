#include "worker/trainer_state.h"

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

}  // namespace worker

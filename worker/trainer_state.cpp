#include "worker/trainer_state.h"

#include "common/hash.h"

namespace worker {
namespace {

std::shared_ptr<model::Network> network_on(at::Device device, const TrainConfig& config) {
  auto network = model::make_network(config.network, static_cast<uint64_t>(config.run.seed));
  network->move_to(device);
  return network;
}

/// Work is recorded where that is wished for and there is a GPU.
device::Gpu* recorder(const TrainConfig& config, const device::ChosenDevice& chosen) {
  return config.run.cuda_graph && chosen.module ? &chosen.module->gpu() : nullptr;
}

}  // namespace

TrainerState::TrainerState(comm::Group& group, const TrainConfig& config,
                           const device::ChosenDevice& chosen, const model::ColourClasses& classes)
    : device(chosen.device),
      network(network_on(device, config)),
      averaged(network_on(device, config)),
      trained(freeze(weights, config.optimizer.freeze)),
      gradients(group, trained, config.comm.order_of_sums()),
      optimizer(config.optimizer, trained),
      average(weights, averaged_weights, config.optimizer.ema_decay),
      pass(*network, gradients, config.run.precision, config.loss, classes.to(device),
           recorder(config, chosen)) {}

int64_t TrainerState::num_weights() const {
  int64_t count = 0;
  for (const auto& weight : weights) count += weight.tensor.numel();
  return count;
}

uint64_t weights_xxh3(const std::vector<device::NamedTensor>& weights) {
  common::Xxh3Stream hash;
  for (const auto& [name, tensor] : weights) {
    const at::Tensor values = tensor.detach().cpu().contiguous();
    hash.update(name.data(), name.size());
    hash.update(values.const_data_ptr(), values.nbytes());
  }
  return hash.digest();
}

}  // namespace worker

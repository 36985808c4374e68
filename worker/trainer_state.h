#pragma once

#include <memory>
#include <vector>

#include "comm/gradient_buckets.h"
#include "device/named_tensor.h"
#include "model/network.h"
#include "worker/ema.h"
#include "worker/optimizer.h"
#include "worker/train_config.h"

namespace worker {

/// All that training changes: the weights, their gradients and moments, and their moving average.
/// Where the run is, such as the number of its steps, is in checkpoints::RunState.
struct TrainerState {
  /// Draws the first weights: the same bits on every worker that has this configuration.
  /// All tensors are on `device`, which is the group's.
  /// Collective: the gradients are summed over the group, which must outlive this object.
  /// Throws Error(config) as `freeze` does.
  TrainerState(comm::Group& group, const TrainConfig& config, at::Device device = at::kCPU);

  std::shared_ptr<model::Network> network;
  std::shared_ptr<model::Network> ema_network;  ///< its weights are the moving average of network's
  std::vector<device::NamedTensor> weights = network->weights();
  std::vector<device::NamedTensor> ema_weights = ema_network->weights();
  std::vector<device::NamedTensor> trained;  ///< the weights that optimizer.freeze does not name
  comm::GradientBuckets gradients;           ///< of the trained weights
  AdamW optimizer;
  Ema ema;
};

}  // namespace worker

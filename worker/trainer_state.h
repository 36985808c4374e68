#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "comm/gradient_buckets.h"
#include "device/named_tensor.h"
#include "device/torch.h"
#include "model/network.h"
#include "worker/optimizer.h"
#include "worker/train_config.h"

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

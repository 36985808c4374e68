#pragma once

#include <memory>
#include <vector>

#include "comm/gradient_buckets.h"
#include "device/choose_device.h"
#include "model/network.h"
#include "worker/ema.h"
#include "worker/forward_backward.h"
#include "worker/frozen_weights.h"
#include "worker/optimizer.h"
#include "worker/train_config.h"

namespace worker {

/// All that learning changes: the weights, their gradients and moments, and their average.
struct TrainerState {
  /// The same configuration and seed give the same bits on every worker.
  /// Collective: the gradients are summed over the group, which must outlive the trainer.
  /// All tensors are on `chosen`'s device, which is the group's. A network that classifies colours
  /// learns `classes`.
  /// Throws Error(config) as `freeze` does.
  TrainerState(comm::Group& group, const TrainConfig& config,
               const device::ChosenDevice& chosen = {}, const model::ColourClasses& classes = {});

  at::Device device;

  std::shared_ptr<model::Network> network;
  std::shared_ptr<model::Network> averaged;  ///< its parameters are the average of network's
  std::vector<device::NamedTensor> weights = network->weights();
  std::vector<device::NamedTensor> averaged_weights = averaged->weights();
  std::vector<device::NamedTensor> trained;  ///< the weights that optimizer.freeze leaves
  comm::GradientBuckets gradients;
  AdamW optimizer;
  Ema average;
  ForwardBackward pass;

  int64_t num_weights() const;
};

/// XXH3-64 of names and values in order of registration: equal where the bits are equal.
uint64_t weights_xxh3(const std::vector<device::NamedTensor>& weights);

}  // namespace worker

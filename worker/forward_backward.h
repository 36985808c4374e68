#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "comm/gradient_buckets.h"
#include "device/gpu.h"
#include "device/torch.h"
#include "model/losses.h"
#include "model/network.h"
#include "worker/batch_tensors.h"
#include "worker/step_times.h"

namespace worker {

/// Forward, loss and backward of one micro-batch after the other, the gradients added up in
/// buckets.
class ForwardBackward {
 public:
  /// With a `gpu` the work is recorded once the first passes have been run and replayed from then
  /// on: some hundred kernels are started by one call. The network and the buckets of its gradients
  /// must outlive it. `precision` as of RunConfig; `classes`, on the network's device, as
  /// restoration_loss takes them.
  ForwardBackward(model::Network& network, comm::GradientBuckets& gradients, std::string precision,
                  const model::LossConfig& loss, model::ColourClasses classes, device::Gpu* gpu);

  /// Returns the loss, a scalar on the network's device, of its own memory. `last` says that this
  /// worker's step has no more micro-batches.
  /// All batches have one shape. Times are those of the host: a GPU may be behind.
  at::Tensor run(const BatchTensors& batch, bool last, StepTimes& times);

 private:
  at::Tensor forward(const BatchTensors& batch);
  void record(const BatchTensors& like);
  at::Tensor replay(const BatchTensors& batch);

  model::Network& network_;
  comm::GradientBuckets& gradients_;
  const std::string precision_;
  const model::LossConfig loss_config_;
  const model::ColourClasses classes_;
  device::Gpu* const gpu_;
  int64_t num_passes_ = 0;
  std::unique_ptr<device::RecordedWork> recorded_;
  BatchTensors input_;  // what the recorded work reads
  at::Tensor loss_;     // what it writes
};

}  // namespace worker

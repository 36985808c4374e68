#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "device/gpu.h"
#include "device/torch.h"
#include "model/losses.h"
#include "model/network.h"
#include "worker/prefetcher.h"
#include "worker/records/step_times.h"
#include "worker/trainer_state.h"

namespace worker {

/// Throws Error(config) with the reason unless `device` computes in `precision`: fp32 anywhere,
/// tf32 on GPUs, bf16 on GPUs and on processors that multiply bf16 (AVX512_BF16). On others bf16
/// would be an order of magnitude slower than fp32.
void require_precision(const std::string& precision, at::Device device);

/// The network's output, in float32. With "bf16" LibTorch's autocast computes convolutions and
/// products in bfloat16; weights and gradients stay float32.
model::Restoration forward_in(const std::string& precision, model::Network& network,
                              const at::Tensor& aged, const at::Tensor& known_damage);

/// Forward, loss and backward of micro-batches; the gradients are added up in the buckets.
class ForwardBackward {
 public:
  /// `trainer` must outlive this. A network that classifies colours needs `classes`.
  /// With a `gpu` the first micro-batches run as usual, then the work is recorded once and replayed
  /// for every further one: a single call starts its hundreds of kernels.
  ForwardBackward(TrainerState& trainer, const TrainConfig& config,
                  const model::ColourClasses& classes = {}, device::Gpu* gpu = nullptr);

  /// Returns the loss, a scalar on the network's device, in memory of its own. `last`: this worker
  /// has no further micro-batch in this step.
  /// All batches have the same shape. Times are those of the host: a GPU may be behind.
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
  int64_t num_micro_batches_ = 0;
  std::unique_ptr<device::RecordedWork> recorded_;
  BatchTensors input_;  // what the recorded work reads
  at::Tensor loss_;     // what it writes
};

}  // namespace worker

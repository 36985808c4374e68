#include "worker/forward_backward.h"

#include <utility>

#include "device/torch.h"
#include "worker/precision.h"

namespace worker {
namespace {

/// The first passes choose cuDNN's algorithms and grow the memory pool: waits, which cannot be
/// recorded.
constexpr int64_t kPassesBeforeRecording = 3;

void copy(const BatchTensors& from, BatchTensors& to) {
  const at::NoGradGuard no_grad;
  to.aged.copy_(from.aged, /*non_blocking=*/true);
  to.target.luma.copy_(from.target.luma, /*non_blocking=*/true);
  to.target.chroma.copy_(from.target.chroma, /*non_blocking=*/true);
  to.target.damage.copy_(from.target.damage, /*non_blocking=*/true);
}

}  // namespace

ForwardBackward::ForwardBackward(model::Network& network, comm::GradientBuckets& gradients,
                                 std::string precision, const model::LossConfig& loss,
                                 model::ColourClasses classes, device::Gpu* gpu)
    : network_(network),
      gradients_(gradients),
      precision_(std::move(precision)),
      loss_config_(loss),
      classes_(std::move(classes)),
      gpu_(gpu) {}

at::Tensor ForwardBackward::forward(const BatchTensors& batch) {
  const at::Tensor known = model::known_damage(batch.target.damage, loss_config_.known_damage);
  const model::Restoration restored = forward_in(precision_, network_, batch.aged, known);
  return model::restoration_loss(restored, batch.target, loss_config_, classes_);
}

at::Tensor ForwardBackward::run(const BatchTensors& batch, bool last, StepTimes& times) {
  const bool recorded = gpu_ != nullptr && num_passes_++ >= kPassesBeforeRecording;
  at::Tensor loss;
  if (!recorded) loss = times.measure(Phase::forward, [&] { return forward(batch); });
  times.measure(Phase::backward, [&] {
    if (recorded && !recorded_) record(batch);  // while no bucket waits for hooks
    gradients_.begin_micro_batch(last);
    if (recorded) {
      loss = replay(batch);
    } else {
      loss.backward();
    }
    gradients_.end_micro_batch();
  });
  return loss.detach();
}

void ForwardBackward::record(const BatchTensors& like) {
  const auto& [luma, chroma, damage] = like.target;
  input_ = {at::empty_like(like.aged),
            {at::empty_like(luma), at::empty_like(chroma), at::empty_like(damage)}};
  recorded_ = gpu_->record([this] {
    const at::Tensor loss = forward(input_);
    loss.backward();
    loss_ = loss.detach();
  });
}

at::Tensor ForwardBackward::replay(const BatchTensors& batch) {
  copy(batch, input_);
  recorded_->replay();
  return loss_.clone();
}

}  // namespace worker

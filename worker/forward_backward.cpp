#include "worker/forward_backward.h"

#include "common/error.h"
#include "model/precision.h"

namespace worker {
namespace {

/// The first micro-batches choose cuDNN's algorithms and grow the memory pool. That makes the host
/// wait for the GPU, which cannot be recorded.
constexpr int64_t kBeforeRecording = 3;

void copy(const BatchTensors& from, BatchTensors& to) {
  const at::NoGradGuard no_grad;
  to.aged.copy_(from.aged, /*non_blocking=*/true);
  to.target.luma.copy_(from.target.luma, /*non_blocking=*/true);
  to.target.chroma.copy_(from.target.chroma, /*non_blocking=*/true);
  to.target.damage.copy_(from.target.damage, /*non_blocking=*/true);
}

/// Autocast to bfloat16 in this thread for the life of the object.
class Bf16Autocast {
 public:
  explicit Bf16Autocast(at::DeviceType device)
      : device_(device),
        was_enabled_(at::autocast::is_autocast_enabled(device)),
        earlier_dtype_(at::autocast::get_autocast_dtype(device)) {
    at::autocast::set_autocast_enabled(device_, true);
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
  }
  ~Bf16Autocast() {
    // The cache holds bfloat16 copies of weights, which the next update changes.
    at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, was_enabled_);
    at::autocast::set_autocast_dtype(device_, earlier_dtype_);
  }
  Bf16Autocast(const Bf16Autocast&) = delete;
  Bf16Autocast& operator=(const Bf16Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool was_enabled_;
  at::ScalarType earlier_dtype_;
};

at::Tensor as_float(const at::Tensor& x) { return x.defined() ? x.to(at::kFloat) : x; }

}  // namespace

void require_precision(const std::string& precision, at::Device device) {
  if (precision == "fp32" || !device.is_cpu()) return;
  if (precision == "tf32") {
    throw common::config_error(
        "run.precision is tf32, which GPUs compute in, but run.device is the CPU; "
        "use fp32");
  }
  if (model::processor_has_bf16()) return;
  throw common::config_error(
      "run.precision is bf16, but this processor does not multiply bf16 "
      "(AVX512_BF16): it would take many times as long as fp32; use fp32");
}

model::Restoration forward_in(const std::string& precision, model::Network& network,
                              const at::Tensor& aged, const at::Tensor& known_damage) {
  if (precision != "bf16") return network.forward(aged, known_damage);
  const Bf16Autocast autocast(aged.device().type());
  const auto [luma, damage_logits, chroma, colour_logits, filled] =
      network.forward(aged, known_damage);
  return {as_float(luma), as_float(damage_logits), as_float(chroma), as_float(colour_logits),
          as_float(filled)};
}

ForwardBackward::ForwardBackward(TrainerState& trainer, const TrainConfig& config,
                                 const model::ColourClasses& classes, device::Gpu* gpu)
    : network_(*trainer.network),
      gradients_(trainer.gradients),
      precision_(config.run.precision),
      loss_config_(config.loss),
      classes_(classes.to(trainer.network->device())),
      gpu_(gpu) {}

at::Tensor ForwardBackward::forward(const BatchTensors& batch) {
  const at::Tensor known = model::known_damage(batch.target.damage, loss_config_.known_damage);
  const model::Restoration restored = forward_in(precision_, network_, batch.aged, known);
  return model::restoration_loss(restored, batch.target, loss_config_, classes_);
}

at::Tensor ForwardBackward::run(const BatchTensors& batch, bool last, StepTimes& times) {
  const bool recorded = gpu_ != nullptr && num_micro_batches_++ >= kBeforeRecording;
  at::Tensor loss;
  if (!recorded) loss = times.measure(StepPhase::forward, [&] { return forward(batch); });
  times.measure(StepPhase::backward, [&] {
    if (recorded && !recorded_) record(batch);  // before the buckets wait for hooks
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

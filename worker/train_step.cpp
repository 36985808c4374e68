#include "worker/train_step.h"

#include <cmath>
#include <vector>

#include "device/torch.h"

namespace worker {
namespace {

/// Adds up the gradients of this worker's micro-batches. Returns their losses [own_per_step], which
/// a GPU may still be computing.
at::Tensor accumulate_gradients(const StepParts& parts, const StepInput& input, StepTimes& times) {
  std::vector<at::Tensor> losses;
  const int64_t count = parts.plan.own_per_step();
  for (int64_t i = 0; i < count; ++i) {
    const BatchTensors batch = times.measure(StepPhase::data, input.next_batch);
    losses.push_back(parts.forward_backward.run(batch, /*last=*/i + 1 == count, times));
  }
  return at::stack(losses);
}

ControlWord agree_on_step(const StepParts& parts, const StepInput& input, const at::Tensor& losses,
                          double norm) {
  const bool skipped = !std::isfinite(norm);
  return agree(parts.group, parts.plan,
               {.losses = losses,
                .asked_to_stop = input.stop.stop_requested(),
                .grad_norm = norm,
                .seconds = input.seconds,
                .action = next_action(input.state, input.seconds, skipped, parts.config)});
}

/// AdamW and the moving average.
void update(TrainerState& trainer, const OptimizerConfig& config, const StepFigures& figures,
            StepTimes& times) {
  times.measure(StepPhase::optimizer, [&] {
    const double clip = clip_factor(figures.grad_norm, config.max_grad_norm);
    if (clip != 1) trainer.gradients.scale(clip);
    trainer.optimizer.step(figures.learning_rate);
  });
  times.measure(StepPhase::ema, [&] { trainer.ema.update(trainer.optimizer.num_updates()); });
}

}  // namespace

StepResult train_step(const StepParts& parts, const StepInput& input) {
  auto& [group, plan, config, trainer, forward_backward] = parts;
  StepTimes times;
  trainer.gradients.zero();
  const at::Tensor losses = accumulate_gradients(parts, input, times);
  times.measure(StepPhase::reduce, [&] { trainer.gradients.all_reduce_mean(plan.per_step()); });
  const double norm = times.measure(StepPhase::optimizer, [&] { return trainer.gradients.norm(); });
  const ControlWord word =
      times.measure(StepPhase::reduce, [&] { return agree_on_step(parts, input, losses, norm); });
  StepFigures figures{
      .loss = word.loss, .grad_norm = word.grad_norm, .skipped = !std::isfinite(word.grad_norm)};
  if (!figures.skipped) {
    figures.learning_rate = config.optimizer.learning_rate *
                            learning_rate_factor(config.schedule, input.state.step, word.seconds);
    update(trainer, config.optimizer, figures, times);
  }
  times.finish();
  return {figures, word.seconds, word.action, std::move(times)};
}

}  // namespace worker

#include "worker/train_step.h"

#include <ATen/ops/zeros.h>

#include <cmath>

#include "worker/batch_tensors.h"

namespace worker {
namespace {

/// Gradients of this worker's micro-batches, added up; returns the sum of their losses.
double accumulate_gradients(Learner& learner, const MicroBatchPlan& plan,
                            const model::LossConfig& config, const StepInput& input) {
  double sum_of_losses = 0;
  for (int64_t i = 0; i < plan.own_per_step(); ++i) {
    dataset::Batch batch = input.next_batch();
    const BatchTensors tensors = tensors_of(batch);
    const model::Restoration restored = learner.network->forward(tensors.aged);
    const at::Tensor loss =
        model::restoration_loss(restored, tensors.clean_luma, tensors.damage, config);
    loss.backward();
    sum_of_losses += loss.item<double>();
  }
  return sum_of_losses;
}

/// The few numbers on which workers agree once a step, in one collective. The norm is rank 0's too:
/// machines may sum in another order, and the last bit of a clipping factor would drive their
/// weights apart.
StepResult agree_on_step(comm::Group& group, double sum_of_losses, double norm,
                         const StepInput& input, const MicroBatchPlan& plan) {
  const bool decides = group.rank() == 0;
  at::Tensor word = at::zeros({4}, at::kDouble);
  auto cell = word.accessor<double, 1>();
  cell[0] = sum_of_losses;
  cell[1] = input.asked_to_stop ? 1 : 0;
  cell[2] = decides ? input.seconds : 0;
  cell[3] = decides ? norm : 0;
  group.all_reduce_sum(word);
  StepResult result;
  result.loss = cell[0] / static_cast<double>(plan.per_step());
  result.stop = cell[1] > 0;
  result.seconds = cell[2];
  result.grad_norm = cell[3];
  result.skipped = !std::isfinite(result.grad_norm);
  return result;
}

}  // namespace

StepResult train_step(Learner& learner, comm::Group& group, const MicroBatchPlan& plan,
                      const TrainConfig& config, const StepInput& input) {
  learner.gradients.zero();
  const double sum_of_losses = accumulate_gradients(learner, plan, config.loss, input);
  learner.gradients.all_reduce_mean(group, plan.per_step());
  StepResult result = agree_on_step(group, sum_of_losses, learner.gradients.norm(), input, plan);
  if (result.skipped) return result;
  const double clip = clip_factor(result.grad_norm, config.optimizer.max_grad_norm);
  if (clip != 1) learner.gradients.scale(clip);
  result.learning_rate = config.optimizer.learning_rate *
                         learning_rate_factor(config.schedule, input.step, result.seconds);
  learner.optimizer.step(result.learning_rate);
  learner.average.update(learner.optimizer.num_updates());
  return result;
}

}  // namespace worker

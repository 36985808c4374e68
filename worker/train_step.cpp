#include "worker/train_step.h"

#include <cmath>
#include <vector>

#include "device/torch.h"

namespace worker {
namespace {

/// Gradients of this worker's micro-batches, added up; returns their losses [own_per_step], which a
/// GPU may still be working on.
at::Tensor accumulate_gradients(TrainerState& trainer, const MicroBatchPlan& plan,
                                const StepInput& input, StepTimes& times) {
  std::vector<at::Tensor> losses;
  for (int64_t i = 0; i < plan.own_per_step(); ++i) {
    const BatchTensors batch = times.measure(Phase::data, input.next_batch);
    losses.push_back(trainer.pass.run(batch, /*last=*/i + 1 == plan.own_per_step(), times));
  }
  return at::stack(losses);
}

/// The few numbers on which workers agree once a step, in one collective. Losses have a cell each
/// and are added in the order of the micro-batches: the same sum at any number of workers. The norm
/// is rank 0's: machines may sum in another order, and the last bit of a clipping factor would
/// drive their weights apart.
StepResult agree_on_step(comm::Group& group, const at::Tensor& losses, double norm,
                         const StepInput& input, const MicroBatchPlan& plan) {
  const bool decides = group.rank() == 0;
  const int64_t stop = 0, seconds = 1, norm_of_0 = 2, first_loss = 3;
  at::Tensor word = at::zeros({first_loss + plan.per_step()}, at::kDouble);
  auto cell = word.accessor<double, 1>();
  cell[stop] = input.asked_to_stop ? 1 : 0;
  cell[seconds] = decides ? input.seconds : 0;
  cell[norm_of_0] = decides ? norm : 0;
  const int64_t own = first_loss + plan.number(/*first_step=*/0, /*turn=*/0);
  word.narrow(0, own, losses.size(0)).copy_(losses);
  group.all_reduce_sum(word);
  StepResult result;
  for (int64_t i = 0; i < plan.per_step(); ++i) result.loss += cell[first_loss + i];
  result.loss /= static_cast<double>(plan.per_step());
  result.stop = cell[stop] > 0;
  result.seconds = cell[seconds];
  result.grad_norm = cell[norm_of_0];
  result.skipped = !std::isfinite(result.grad_norm);
  return result;
}

/// The weights and their average after the reduced gradients.
void update(TrainerState& trainer, const OptimizerConfig& config, const StepResult& result,
            StepTimes& times) {
  times.measure(Phase::optimizer, [&] {
    const double clip = clip_factor(result.grad_norm, config.max_grad_norm);
    if (clip != 1) trainer.gradients.scale(clip);
    trainer.optimizer.step(result.learning_rate);
  });
  times.measure(Phase::average, [&] { trainer.average.update(trainer.optimizer.num_updates()); });
}

}  // namespace

StepResult train_step(TrainerState& trainer, comm::Group& group, const MicroBatchPlan& plan,
                      const TrainConfig& config, const StepInput& input) {
  StepTimes times;
  trainer.gradients.zero();
  const at::Tensor losses = accumulate_gradients(trainer, plan, input, times);
  times.measure(Phase::reduce, [&] { trainer.gradients.all_reduce_mean(plan.per_step()); });
  const double norm = times.measure(Phase::optimizer, [&] { return trainer.gradients.norm(); });
  StepResult result =
      times.measure(Phase::reduce, [&] { return agree_on_step(group, losses, norm, input, plan); });
  if (!result.skipped) {
    result.learning_rate = config.optimizer.learning_rate *
                           learning_rate_factor(config.schedule, input.step, result.seconds);
    update(trainer, config.optimizer, result, times);
  }
  times.finish();
  result.times = std::move(times);
  return result;
}

}  // namespace worker

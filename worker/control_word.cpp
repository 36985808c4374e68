#include "worker/control_word.h"

namespace worker {
namespace {

bool is_due(int64_t step, int64_t every) { return every > 0 && step % every == 0; }

std::optional<StopReason> limit_reached(int64_t step, double seconds,
                                        const ScheduleConfig& schedule) {
  if (step >= schedule.steps) return StopReason::steps;
  const bool time_is_up = schedule.max_minutes > 0 && seconds >= 60 * schedule.max_minutes;
  return time_is_up ? std::optional(StopReason::minutes) : std::nullopt;
}

}  // namespace

const char* to_string(StopReason reason) {
  switch (reason) {
    case StopReason::steps: return "steps";
    case StopReason::minutes: return "minutes";
    case StopReason::patience: return "patience";
    case StopReason::signal: return "signal";
  }
  return "unknown";
}

std::optional<StopReason> end_of_run(const checkpoints::RunState& state,
                                     const TrainConfig& config) {
  if (const auto limit = limit_reached(state.step, state.seconds, config.schedule)) return limit;
  if (patience_ran_out(state, config.validation)) return StopReason::patience;
  return {};
}

Action next_action(const checkpoints::RunState& state, double seconds, bool skipped,
                   const TrainConfig& config) {
  if (skipped && state.skipped_in_row >= config.optimizer.max_skipped) return Action::give_up;
  const int64_t step = state.step + 1;
  if (limit_reached(step, seconds, config.schedule)) return Action::validate;
  if (is_due(step, config.validation.every_steps)) return Action::validate;
  return is_due(step, config.checkpoint.every_steps) ? Action::save : Action::go_on;
}

ControlWord agree(comm::Group& group, const MicroBatchPlan& plan, const StepReport& own) {
  // One worker writes a cell, the others leave it 0: the sum over workers changes no bit of it.
  enum Cell : int64_t { kGradNorm, kSeconds, kAction, kNumAskedToStop, kFirstLoss };
  at::Tensor word = at::zeros({kFirstLoss + plan.per_step()}, at::kDouble);
  auto cells = word.accessor<double, 1>();
  if (group.rank() == 0) {
    cells[kGradNorm] = own.grad_norm;
    cells[kSeconds] = own.seconds;
    cells[kAction] = static_cast<double>(own.action);
  }
  cells[kNumAskedToStop] = own.asked_to_stop ? 1 : 0;
  const int64_t first_own = kFirstLoss + plan.number(/*first_step=*/0, /*turn=*/0);
  word.narrow(0, first_own, own.losses.size(0)).copy_(own.losses);
  group.all_reduce_sum(word);
  ControlWord agreed{.grad_norm = cells[kGradNorm],
                     .seconds = cells[kSeconds],
                     .action = static_cast<Action>(cells[kAction])};
  for (int64_t i = 0; i < plan.per_step(); ++i) agreed.loss += cells[kFirstLoss + i];
  agreed.loss /= static_cast<double>(plan.per_step());
  const bool stop = cells[kNumAskedToStop] > 0;
  if (stop && agreed.action != Action::give_up) agreed.action = Action::stop;
  return agreed;
}

}  // namespace worker

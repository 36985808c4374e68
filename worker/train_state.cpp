#include "worker/train_state.h"

namespace worker {

const char* to_string(StopReason reason) {
  switch (reason) {
    case StopReason::steps: return "steps";
    case StopReason::minutes: return "minutes";
    case StopReason::patience: return "patience";
    case StopReason::signal: return "signal";
  }
  return "unknown";
}

std::optional<StopReason> end_of_run(const TrainState& state, const ScheduleConfig& schedule,
                                     const ValidationConfig& validation) {
  if (state.step >= schedule.steps) return StopReason::steps;
  if (schedule.max_minutes > 0 && state.seconds >= 60 * schedule.max_minutes)
    return StopReason::minutes;
  if (patience_ran_out(state.standing, validation)) return StopReason::patience;
  return {};
}

checkpoints::RunState run_state_of(const TrainState& state, const ScheduleConfig& schedule) {
  checkpoints::RunState saved;
  saved.step = state.step;
  saved.samples = state.step * schedule.samples_per_step();
  saved.samples_per_step = schedule.samples_per_step();
  saved.seconds = state.seconds;
  saved.skipped = state.skipped;
  saved.skipped_in_row = state.skipped_in_row;
  saved.patience_left = state.standing.patience_left;
  if (state.validated_step < 0) return saved;
  const ValidationResult& last = state.last_validation;
  saved.best = {state.standing.best_step, state.standing.best_psnr};
  saved.gain_psnr = state.standing.gain_psnr;
  saved.metrics = {state.validated_step, last.psnr, last.aged_psnr, last.damage_f1};
  return saved;
}

TrainState train_state_of(const checkpoints::RunState& saved) {
  TrainState state;
  state.step = saved.step;
  state.seconds = saved.seconds;
  state.skipped = saved.skipped;
  state.skipped_in_row = saved.skipped_in_row;
  state.standing.patience_left = saved.patience_left;
  if (saved.gain_psnr) state.standing.gain_psnr = *saved.gain_psnr;
  if (saved.best) {
    state.standing.best_step = saved.best->step;
    state.standing.best_psnr = saved.best->psnr;
  }
  if (saved.metrics) {
    state.validated_step = saved.metrics->step;
    state.last_validation = {saved.metrics->psnr, saved.metrics->aged_psnr,
                             saved.metrics->damage_f1};
  }
  return state;
}

}  // namespace worker

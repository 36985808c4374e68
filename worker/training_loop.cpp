#include "worker/training_loop.h"

#include <cmath>
#include <memory>
#include <string>

#include "common/clock.h"
#include "common/error.h"
#include "dataset/sampling/prefetched_batches.h"
#include "device/pinned_memory.h"
#include "worker/records/step_trace.h"
#include "worker/run_checkpoint.h"
#include "worker/validation.h"
#include "worker/weights.h"

namespace worker {
namespace {

using health::JobPhase;

/// Seconds of a run over all its starts.
class RunClock {
 public:
  explicit RunClock(double seconds_before) : zero_s_(common::steady_now_s() - seconds_before) {}
  double seconds() const { return common::steady_now_s() - zero_s_; }

 private:
  double zero_s_;
};

/// Workers have this phase until rank 0, which saves, sends them its time.
void save(const TrainingParts& parts, const RunClock& clock, checkpoints::RunState& state,
          bool is_best) {
  parts.progress.enter(JobPhase::save);
  state.seconds = clock.seconds();
  if (parts.checkpoints != nullptr) {
    parts.checkpoints->save(make_checkpoint(state, parts.step.trainer), is_best);
  }
  state.seconds = parts.step.group.broadcast_from_rank_0(state.seconds);
}

/// Validates the moving average of the weights and saves.
void validate_and_save(const TrainingParts& parts, const RunClock& clock,
                       checkpoints::RunState& state) {
  const auto& [group, plan, config, trainer, forward_backward] = parts.step;
  parts.progress.enter(JobPhase::validation);
  group.require_equal(weights_xxh3(trainer.weights), "the weights",
                      "the workers have drifted apart: start again from a checkpoint",
                      common::ErrorKind::comm);
  auto metrics = validate(group, *trainer.ema_network, parts.store, config.validation);
  metrics.step = state.step;
  if (!std::isfinite(metrics.psnr)) {
    throw common::numeric_error("the validation PSNR of step " + std::to_string(state.step) +
                                " is not finite: training diverged; lower optimizer.learning_rate");
  }
  const bool is_best = observe(state, config.validation, metrics);
  if (parts.records != nullptr) {
    parts.records->validation(
        state, is_best,
        sample_pictures(*trainer.ema_network, parts.store, config.validation.pictures));
  }
  save(parts, clock, state, is_best);
}

/// Enters a step into the run's state and the records.
void finish_step(const TrainingParts& parts, const StepResult& result, checkpoints::RunState& state,
                 StepTrace& trace) {
  const bool skipped = result.figures.skipped;
  ++state.step;
  state.samples += state.samples_per_step;
  state.updates = parts.step.trainer.optimizer.num_updates();
  state.skipped += skipped ? 1 : 0;
  state.skipped_in_row = skipped ? state.skipped_in_row + 1 : 0;
  state.seconds = result.seconds;
  parts.times.add(result.times);
  parts.progress.step_done(state.step,
                           static_cast<double>(state.samples_per_step) / result.times.seconds());
  trace.add(state.step, result.times);
  if (parts.records != nullptr) parts.records->step(state, result.figures, result.times);
}

[[noreturn]] void give_up(const checkpoints::RunState& state, int64_t max_skipped) {
  throw common::numeric_error(
      "the gradients of " + std::to_string(state.skipped_in_row) +
      " steps in a row were not finite, at most " + std::to_string(max_skipped) +
      " are allowed (optimizer.max_skipped); lower optimizer.learning_rate");
}

/// Memory that a GPU copies from fastest; null: ordinary memory.
std::unique_ptr<std::pmr::memory_resource> batch_memory(at::Device device) {
  if (device.is_cpu()) return nullptr;
  return std::make_unique<device::PinnedMemory>();
}

StopReason run_steps(const TrainingParts& parts, checkpoints::RunState& state, StepTrace& trace) {
  const TrainConfig& config = parts.step.config;
  const at::Device device = parts.step.trainer.network->device();
  const RunClock clock(state.seconds);
  const auto memory = batch_memory(device);
  dataset::PrefetchedBatches batches(
      parts.store, config.sampling, static_cast<uint64_t>(config.run.seed),
      config.schedule.micro_batch_size,
      [&plan = parts.step.plan, first_step = state.step](int64_t turn) {
        return plan.number(first_step, turn);
      },
      memory ? memory.get() : std::pmr::new_delete_resource());
  Prefetcher prefetcher([&] { return batches.next(); }, device);
  const auto next_batch = [&] {
    const health::JobProgress::Inner waiting(parts.progress, JobPhase::data);
    return prefetcher.next();
  };
  auto end = end_of_run(state, config);
  while (!end) {
    parts.progress.enter(JobPhase::step);
    const StepResult result =
        train_step(parts.step, {state, clock.seconds(), next_batch, parts.stop});
    finish_step(parts, result, state, trace);
    switch (result.action) {
      case Action::go_on: break;
      case Action::save: save(parts, clock, state, /*is_best=*/false); break;
      case Action::validate:
        validate_and_save(parts, clock, state);
        end = end_of_run(state, config);
        break;
      case Action::stop: save(parts, clock, state, /*is_best=*/false); return StopReason::signal;
      case Action::give_up: give_up(state, config.optimizer.max_skipped);
    }
  }
  const bool is_validated = state.metrics && state.metrics->step == state.step;
  if (!is_validated) validate_and_save(parts, clock, state);  // an earlier start was stopped here
  return *end;
}

}  // namespace

StopReason train(const TrainingParts& parts, checkpoints::RunState& state) {
  StepTrace trace(parts.step.config.profile, parts.step.config.run.path(), parts.step.group.rank());
  const StopReason reason = run_steps(parts, state, trace);
  if (parts.checkpoints != nullptr) parts.checkpoints->wait();
  trace.write();
  return reason;
}

}  // namespace worker

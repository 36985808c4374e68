#include "worker/training_loop.h"

#include <chrono>
#include <cmath>
#include <string>

#include "common/error.h"
#include "dataset/sampling/prefetched_batches.h"
#include "device/pinned_memory.h"
#include "worker/prefetcher.h"
#include "worker/step_trace.h"

namespace worker {
namespace {

using Clock = std::chrono::steady_clock;

/// Seconds of a run over all its starts.
class RunClock {
 public:
  explicit RunClock(double seconds_before) : before_(seconds_before) {}
  double seconds() const {
    return before_ + std::chrono::duration<double>(Clock::now() - start_).count();
  }

 private:
  double before_;
  Clock::time_point start_ = Clock::now();
};

void count_skipped(TrainState& state, bool skipped, int64_t max_skipped) {
  state.skipped_in_row = skipped ? state.skipped_in_row + 1 : 0;
  state.skipped += skipped ? 1 : 0;
  if (state.skipped_in_row <= max_skipped) return;
  throw common::Error(common::ErrorKind::numeric,
                      "the gradients of " + std::to_string(state.skipped_in_row) +
                          " steps in a row were not finite, at most " +
                          std::to_string(max_skipped) +
                          " are allowed (optimizer.max_skipped); lower optimizer.learning_rate");
}

/// The phase lasts, on all workers, until they next hear of worker 0, which saves.
void save(const TrainingParts& parts, const RunClock& clock, TrainState& state, bool is_best) {
  parts.progress.enter(health::JobPhase::save);
  state.seconds = parts.group.broadcast_from_rank_0(clock.seconds());
  if (parts.checkpoints == nullptr) return;
  parts.checkpoints->save(pack_checkpoint(state, parts.config.schedule, parts.facts, parts.trainer),
                          is_best);
}

/// Validates the averaged weights and saves.
void validate_and_save(const TrainingParts& parts, const RunClock& clock, TrainState& state) {
  const ValidationConfig& config = parts.config.validation;
  parts.progress.enter(health::JobPhase::validation);
  parts.group.require_equal(weights_xxh3(parts.trainer.weights), "the weights",
                            "the workers have drifted apart: start again from a checkpoint",
                            common::ErrorKind::comm);
  state.last_validation = validate(parts.group, *parts.trainer.averaged, parts.store, config);
  state.validated_step = state.step;
  if (!std::isfinite(state.last_validation.psnr)) {
    throw common::Error(common::ErrorKind::numeric,
                        "the validation PSNR of step " + std::to_string(state.step) +
                            " is not finite: training diverged; lower optimizer.learning_rate");
  }
  const bool is_best = observe(state.standing, config, state.step, state.last_validation.psnr);
  if (parts.records != nullptr) {
    parts.records->validation(
        state, is_best, sample_pictures(*parts.trainer.averaged, parts.store, config.pictures));
  }
  save(parts, clock, state, is_best);
}

bool is_due(int64_t step, int64_t every) { return every > 0 && step % every == 0; }

/// Rank 0 decides whether the run is over; -1 stands for no.
std::optional<StopReason> agreed_end(const TrainingParts& parts, const TrainState& state) {
  const auto own = end_of_run(state, parts.config.schedule, parts.config.validation);
  const int64_t agreed =
      parts.group.broadcast_from_rank_0(own ? static_cast<int64_t>(*own) : int64_t{-1});
  if (agreed < 0) return {};
  return static_cast<StopReason>(agreed);
}

/// After a step, before what is due at its end.
void record(const TrainingParts& parts, const StepResult& result, const TrainState& state,
            StepTrace& trace) {
  parts.times.add(result.times);
  const ScheduleConfig& schedule = parts.config.schedule;
  const auto samples =
      static_cast<double>(schedule.micro_batches_per_step * schedule.micro_batch_size);
  parts.progress.step_done(state.step, samples / result.times.seconds());
  trace.add(state.step, result.times);
  if (parts.records != nullptr) parts.records->step(result, state);
}

/// Memory that the device copies from without a detour.
std::unique_ptr<std::pmr::memory_resource> batch_memory(at::Device device) {
  if (device.is_cpu()) return nullptr;
  return std::make_unique<device::PinnedMemory>();
}

BatchTensors next_batch(health::JobProgress& progress, Prefetcher& batches) {
  const health::JobProgress::Inner waiting(progress, health::JobPhase::data);
  return batches.next();
}

StopReason run_steps(const TrainingParts& parts, TrainState& state, StepTrace& trace) {
  const TrainConfig& config = parts.config;
  const RunClock clock(state.seconds);
  const int64_t first_step = state.step;
  const auto memory = batch_memory(parts.trainer.device);
  dataset::PrefetchedBatches prefetched(
      parts.store, config.sampling, static_cast<uint64_t>(config.run.seed),
      config.schedule.micro_batch_size,
      [&plan = parts.plan, first_step](int64_t turn) { return plan.number(first_step, turn); },
      memory ? memory.get() : std::pmr::new_delete_resource());
  Prefetcher batches([&prefetched] { return prefetched.next(); }, parts.trainer.device);
  while (true) {
    if (const auto end = agreed_end(parts, state)) {
      if (state.validated_step != state.step) validate_and_save(parts, clock, state);
      return *end;
    }
    parts.progress.enter(health::JobPhase::step);
    const StepResult result = train_step(parts.trainer, parts.group, parts.plan, config,
                                         {state.step, clock.seconds(), parts.stop.stop_requested(),
                                          [&] { return next_batch(parts.progress, batches); }});
    ++state.step;
    state.seconds = result.seconds;
    count_skipped(state, result.skipped, config.optimizer.max_skipped);
    record(parts, result, state, trace);
    if (result.stop) {
      save(parts, clock, state, /*is_best=*/false);
      return StopReason::signal;
    }
    if (is_due(state.step, config.validation.every_steps)) {
      validate_and_save(parts, clock, state);
    } else if (is_due(state.step, config.checkpoint.every_steps)) {
      save(parts, clock, state, /*is_best=*/false);
    }
  }
}

}  // namespace

StopReason train(const TrainingParts& parts, TrainState& state) {
  StepTrace trace(parts.config.profile, parts.config.run.path(), parts.group.rank());
  const StopReason reason = run_steps(parts, state, trace);
  if (parts.checkpoints != nullptr) parts.checkpoints->wait();
  trace.write();
  return reason;
}

}  // namespace worker

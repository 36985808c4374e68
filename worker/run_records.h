#pragma once

#include <filesystem>

#include "common/progress.h"
#include "worker/event_file.h"
#include "worker/metrics_log.h"
#include "worker/step_result.h"
#include "worker/train_config.h"
#include "worker/train_state.h"

namespace worker {

/// What people see of a run while it goes: the live line, metrics.jsonl, TensorBoard. Kept by
/// rank 0 (docs/run_folder.md).
class RunRecords {
 public:
  /// `state` is what the run begins with; rows of later steps are dropped. `sample_flops` are the
  /// floating-point operations of training on a sample that are counted. Throws Error(io).
  RunRecords(const TrainConfig& config, const TrainState& state, double sample_flops);

  /// After each step. `state` is the one after it.
  void step(const StepResult& result, const TrainState& state);

  void validation(const TrainState& state, bool is_best,
                  const std::vector<EncodedPicture>& pictures);

  /// Ends the live line.
  void finish(const TrainState& state, StopReason reason);

 private:
  void write_row(const StepResult& result, const TrainState& state);
  std::string detail(const StepResult& result, const TrainState& state) const;

  ScheduleConfig schedule_;
  int64_t log_every_steps_;
  MetricsLog metrics_;
  EventFile events_;
  common::Progress progress_;
  const double sample_flops_;
  double last_row_s_ = 0, samples_per_s_ = 0, data_wait_share_ = 0;
  int64_t last_row_step_ = 0;
  // Since the last row:
  double sum_of_losses_ = 0;
  TimeTotals times_;
};

}  // namespace worker

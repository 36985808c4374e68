#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "checkpoints/run_state.h"
#include "common/files.h"
#include "common/progress.h"
#include "worker/records/event_file.h"
#include "worker/records/step_times.h"

namespace worker {

/// metrics.jsonl: one JSON object a line, in order of steps (docs/run_folder.md).
class MetricsLog {
 public:
  /// Opens for appending. Drops rows beyond `last_step`, which a run left that went on after the
  /// checkpoint that is now resumed, and a line that was cut off. Throws Error(io).
  MetricsLog(std::filesystem::path path, int64_t last_step);

  /// Writes one row. Throws Error(io).
  void write(const nlohmann::ordered_json& row);

 private:
  std::filesystem::path path_;
  common::FileDescriptor file_;
};

/// What the records need to know of a run before its first step.
struct RecordsConfig {
  std::filesystem::path run_folder;
  std::string host;
  int64_t log_every_steps = 1;
  int64_t max_steps = 0;
  double max_minutes = 0;       ///< 0: no limit
  double flops_per_sample = 0;  ///< floating-point operations of training, as far as counted
};

/// What a step computed.
struct StepFigures {
  double loss = 0;           ///< mean over the step's micro-batches
  double grad_norm = 0;      ///< before clipping
  double learning_rate = 0;  ///< 0 if the step was skipped
  bool skipped = false;      ///< the gradients were not finite: the weights are as before
};

/// What people see of a run while it trains: the live line, metrics.jsonl, TensorBoard. Written by
/// rank 0 only (docs/run_folder.md).
class RunRecords {
 public:
  /// `state` is the one that the run starts with. Throws Error(io).
  RunRecords(RecordsConfig config, const checkpoints::RunState& state);

  /// After each step. `state` is the one after it.
  void step(const checkpoints::RunState& state, const StepFigures& figures, const StepTimes& times);

  /// After each validation: `state.metrics` holds its result.
  void validation(const checkpoints::RunState& state, bool is_best,
                  const std::vector<EncodedPicture>& pictures);

  /// Ends the live line.
  void finish(const checkpoints::RunState& state, const std::string& stop_reason);

 private:
  void write_row(const checkpoints::RunState& state, const StepFigures& figures);
  std::string detail(const checkpoints::RunState& state, double loss) const;

  const RecordsConfig config_;
  MetricsLog metrics_;
  EventFile events_;
  common::Progress progress_;
  double last_row_s_ = 0, samples_per_s_ = 0, data_wait_share_ = 0;
  int64_t last_row_step_ = 0;
  // Since the last row:
  double sum_of_losses_ = 0;
  TimeTotals times_;
};

}  // namespace worker

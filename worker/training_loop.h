#pragma once

#include <stop_token>

#include "checkpoints/background_saver.h"
#include "health/job_progress.h"
#include "worker/checkpoint_state.h"
#include "worker/run_records.h"
#include "worker/train_config.h"
#include "worker/train_step.h"
#include "worker/validation.h"

namespace worker {

/// What the loop works with; made and owned by the job.
struct TrainingParts {
  const TrainConfig& config;
  const RunFacts& facts;
  comm::Group& group;
  const dataset::Store& store;
  const MicroBatchPlan& plan;
  const std::stop_token stop;
  TrainerState& trainer;
  health::JobProgress& progress;
  TimeTotals& times;                          ///< of the steps done; added to
  RunRecords* records;                        ///< rank 0's; null elsewhere
  checkpoints::BackgroundSaver* checkpoints;  ///< rank 0's; null elsewhere
};

/// Trains from `state` to the end of the run, or until asked to stop. Validates, saves and records
/// on the way; when it returns, the last step is saved and, unless asked to stop, validated.
/// Collective: every worker calls it.
/// Throws Error(numeric) after too many steps in a row with gradients that are not finite.
StopReason train(const TrainingParts& parts, TrainState& state);

}  // namespace worker

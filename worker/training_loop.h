#pragma once

#include <stop_token>

#include "checkpoints/background_saver.h"
#include "checkpoints/run_state.h"
#include "dataset/store/store.h"
#include "health/job_progress.h"
#include "worker/control_word.h"
#include "worker/records/run_records.h"
#include "worker/train_step.h"

namespace worker {

/// What the loop works with; the job owns it.
struct TrainingParts {
  StepParts step;
  const dataset::Store& store;
  const std::stop_token stop;
  health::JobProgress& progress;
  TimeTotals& times;                          ///< of the steps done; added to
  RunRecords* records;                        ///< rank 0's; null elsewhere
  checkpoints::BackgroundSaver* checkpoints;  ///< rank 0's; null elsewhere
};

/// Trains from `state` to the end of the run, or until asked to stop. Validates, saves and records
/// on the way. When it returns, the last step is saved and, unless asked to stop, validated.
/// Collective: every worker calls it.
/// Throws Error(numeric) after too many steps in a row with gradients that are not finite,
/// Error(comm) if the workers' weights differ.
StopReason train(const TrainingParts& parts, checkpoints::RunState& state);

}  // namespace worker

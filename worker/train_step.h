#pragma once

#include <functional>
#include <stop_token>

#include "checkpoints/run_state.h"
#include "comm/group.h"
#include "worker/control_word.h"
#include "worker/forward_backward.h"
#include "worker/records/run_records.h"
#include "worker/trainer_state.h"

namespace worker {

/// What every step works with.
struct StepParts {
  comm::Group& group;
  const MicroBatchPlan& plan;
  const TrainConfig& config;
  TrainerState& trainer;
  ForwardBackward& forward_backward;
};

/// What is new in each step.
struct StepInput {
  const checkpoints::RunState& state;        ///< before the step
  double seconds = 0;                        ///< since the run began; rank 0's counts
  std::function<BatchTensors()> next_batch;  ///< on the trainer's device
  std::stop_token stop = {};                 ///< one worker's is enough
};

struct StepResult {
  StepFigures figures;            ///< the same on all workers, as `seconds` and `action`
  double seconds = 0;             ///< rank 0's, since the run began
  Action action = Action::go_on;  ///< what follows
  StepTimes times;                ///< this worker's own
};

/// One optimizer step: this worker's micro-batches forward and backward, the mean gradient over all
/// workers, the control word, clipping, AdamW, the moving average. Non-finite gradients leave the
/// weights as they are.
/// Collective: every worker calls it.
StepResult train_step(const StepParts& parts, const StepInput& input);

}  // namespace worker

#pragma once

#include <functional>

#include "comm/group.h"
#include "worker/batch_tensors.h"
#include "worker/micro_batch_plan.h"
#include "worker/step_result.h"
#include "worker/train_config.h"
#include "worker/trainer_state.h"

namespace worker {

/// What a worker brings to a step besides its trainer.
struct StepInput {
  int64_t step = 0;
  double seconds = 0;                        ///< since the run began; rank 0's counts
  bool asked_to_stop = false;                ///< one worker's is enough
  std::function<BatchTensors()> next_batch;  ///< on the trainer's device
};

/// One optimizer step: this worker's micro-batches forward and backward, the mean gradient over all
/// workers, clipping, AdamW, the average of the weights.
/// Collective: every worker calls it.
StepResult train_step(TrainerState& trainer, comm::Group& group, const MicroBatchPlan& plan,
                      const TrainConfig& config, const StepInput& input);

}  // namespace worker

#pragma once

#include <functional>

#include "comm/group.h"
#include "dataset/sampling/batch.h"
#include "worker/learner.h"
#include "worker/micro_batch_plan.h"
#include "worker/train_config.h"

namespace worker {

/// What a worker brings to a step besides its learner.
struct StepInput {
  int64_t step = 0;
  double seconds = 0;         ///< since the run began; rank 0's counts
  bool asked_to_stop = false;  ///< one worker's is enough
  std::function<dataset::Batch()> next_batch;
};

/// What all workers know after a step: the same numbers on each.
struct StepResult {
  double loss = 0;           ///< mean over the step's micro-batches
  double grad_norm = 0;      ///< before clipping
  double learning_rate = 0;  ///< 0 if the step was skipped
  double seconds = 0;        ///< rank 0's StepInput::seconds
  bool skipped = false;      ///< gradients were not finite: the weights are as before
  bool stop = false;         ///< some worker was asked to stop
};

/// One optimizer step: this worker's micro-batches forward and backward, the mean gradient over all
/// workers, clipping, AdamW, the average of the weights.
/// Collective: every worker calls it.
StepResult train_step(Learner& learner, comm::Group& group, const MicroBatchPlan& plan,
                      const TrainConfig& config, const StepInput& input);

}  // namespace worker

#pragma once

#include "worker/step_times.h"

namespace worker {

/// What all workers know after a step: the same numbers on each, but for the times.
struct StepResult {
  double loss = 0;           ///< mean over the step's micro-batches
  double grad_norm = 0;      ///< before clipping
  double learning_rate = 0;  ///< 0 if the step was skipped
  double seconds = 0;        ///< rank 0's, since the run began
  bool skipped = false;      ///< gradients were not finite: the weights are as before
  bool stop = false;         ///< some worker was asked to stop
  StepTimes times;           ///< this worker's own
};

}  // namespace worker

#pragma once

#include "comm/group.h"
#include "worker/step_times.h"
#include "worker/train_config.h"
#include "worker/train_state.h"
#include "worker/trainer_state.h"

namespace worker {

/// What this start of a run took.
struct Effort {
  TimeTotals times;         ///< of this worker
  double sample_flops = 0;  ///< of the convolutions, training on one sample
};

/// Writes summary.json (docs/run_folder.md) and compares the final weights over the workers.
/// Collective: every worker calls it; rank 0 writes.
/// Throws Error(comm) naming a worker whose weights differ from rank 0's, Error(io).
void write_summary(comm::Group& group, const TrainConfig& config, const TrainState& state,
                   const TrainerState& trainer, const Effort& effort, StopReason reason);

}  // namespace worker

#pragma once

#include <filesystem>
#include <string>

#include "worker/checkpoint_state.h"
#include "worker/train_config.h"

namespace worker {

/// The state that a run begins with: fresh, with the weights of run.init if that is set, or that of
/// a checkpoint, which fills the trainer too.
/// `mode`: "auto" (the newest valid checkpoint of the run's folder, if there is one), "never", or
/// the path of a checkpoint's directory. Rank 0 reads, the others get its state.
/// Collective: every worker calls it.
/// Throws Error(usage) for "never" in a folder that holds an earlier run, and for a run whose
/// checkpoints are all damaged; Error(config), Error(corrupt), Error(io) as unpack_checkpoint.
TrainState begin_or_resume(comm::Group& group, const TrainConfig& config, const std::string& mode,
                           const RunFacts& facts, TrainerState& trainer);

}  // namespace worker

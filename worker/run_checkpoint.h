#pragma once

#include <string>

#include "checkpoints/checkpoint.h"
#include "comm/group.h"
#include "dataset/store/store.h"
#include "worker/train_config.h"
#include "worker/trainer_state.h"

namespace worker {

/// The state of a run that has not begun.
checkpoints::RunState fresh_state(const TrainConfig& config, const dataset::Store& store,
                                  const TrainerState& trainer);

/// A checkpoint of the run as it is now (docs/checkpoint_format.md). Tensors are not copied.
checkpoints::Checkpoint make_checkpoint(const checkpoints::RunState& state,
                                        const TrainerState& trainer);

/// Goes back to a checkpoint: copies its tensors into the trainer and returns its state.
/// Throws Error(config) if the checkpoint is of another network, store, set of frozen weights or
/// number of samples a step than `fresh`, Error(corrupt) if it lacks a tensor.
checkpoints::RunState take_checkpoint(const checkpoints::Checkpoint& checkpoint,
                                      const checkpoints::RunState& fresh, TrainerState& trainer);

/// Begins or resumes a run: returns its state and fills the trainer.
/// `mode`: "auto" resumes from the newest valid checkpoint of the run's folder if there is one,
/// "never" begins a new run, anything else is the path of a checkpoint's directory to resume from.
/// A new run takes the weights of run.init if that is set. Rank 0 reads files and sends its state
/// and tensors to the others.
/// Collective: every worker calls it.
/// Throws Error(usage) for "never" in a folder that holds an earlier run, and for a run whose
/// checkpoints are all damaged; Error(config), Error(corrupt), Error(io) as take_checkpoint and
/// take_weights_of_model.
checkpoints::RunState begin_or_resume(comm::Group& group, const TrainConfig& config,
                                      const std::string& mode, const checkpoints::RunState& fresh,
                                      TrainerState& trainer);

}  // namespace worker

#pragma once

#include <string>

#include "checkpoints/checkpoint_folder.h"
#include "comm/group.h"
#include "worker/train_state.h"
#include "worker/trainer_state.h"

namespace worker {

/// What a run is about; a checkpoint of another network or store does not fit it.
struct RunFacts {
  std::string config;  ///< resolved, YAML
  std::string store_fingerprint;
  std::string recipe;  ///< of the store, YAML
  nlohmann::json network;
};

/// Everything that a run needs to go on (docs/checkpoint_format.md). Tensors are not copied.
checkpoints::Checkpoint pack_checkpoint(const TrainState& state, const ScheduleConfig& schedule,
                                        const RunFacts& facts, const TrainerState& trainer);

/// Fills the trainer's tensors and returns the state.
/// Throws Error(config) if the checkpoint is of another network, store or number of samples a step,
/// Error(corrupt) if it lacks a tensor.
TrainState unpack_checkpoint(const checkpoints::Checkpoint& checkpoint,
                             const ScheduleConfig& schedule, const RunFacts& facts,
                             TrainerState& trainer);

/// Gives every worker rank 0's state and tensors. Collective.
void share_state(comm::Group& group, const ScheduleConfig& schedule, TrainState& state,
                 TrainerState& trainer);

}  // namespace worker

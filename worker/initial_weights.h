#pragma once

#include <filesystem>

#include "worker/trainer_state.h"

namespace worker {

/// Fine-tuning begins: the trainer takes from a model file (docs/model_format.md) the weights that
/// have the name and shape of its own, their average with them; the others stay as they were drawn.
/// The log says which were taken, and names those that were not.
/// Throws Error(config) if no weight of the file fits; Error(corrupt), Error(io) as
/// checkpoints::read_model_file.
void take_weights_of_model(const std::filesystem::path& model_file, TrainerState& trainer);

}  // namespace worker

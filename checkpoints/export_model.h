#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checkpoints/checkpoint_folder.h"
#include "checkpoints/model_file.h"

namespace checkpoints {

/// The checkpoint of a run's folder that `which` names: "best", "newest" or a checkpoint's
/// directory. Throws Error(usage) if there is no such run or it has no such checkpoint;
/// Error(corrupt).
Checkpoint choose_checkpoint(const std::filesystem::path& run_folder, const std::string& which);

/// The step that validation called the best of a run, if it is another than `step`.
/// Throws Error(corrupt) or Error(io) if the run's mark of it cannot be read.
std::optional<int64_t> other_best_step(const std::filesystem::path& run_folder, int64_t step);

/// The averaged weights ("ema.NAME") of a checkpoint as a model, with what its state says about the
/// training. Throws Error(corrupt) if the checkpoint lacks them or its network.
ModelFile exported_model(const Checkpoint& checkpoint);

/// One restorer of the parts that several runs trained. Throws Error(usage) if two have the same
/// part, or they are not of one kind.
ModelFile joined(std::vector<ModelFile> models);

/// Throws Error(usage) for a place where no model file can be written: none, a folder, a file that
/// is none and would be lost.
void require_place_for_model(const std::filesystem::path& output);

/// Rounds the weights to 16-bit floats: half the file, 11 bits of precision.
/// Throws Error(corrupt) for a weight outside their range (65504).
void round_to_half(ModelFile& model);

}  // namespace checkpoints

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "device/named_tensor.h"

namespace worker {

struct TrainerState;

/// Freezes the parameters whose names match one of the patterns (* any text, ? any character, [..]
/// one of a set): they get no gradients. Returns the others, in order.
/// Throws Error(config) for a pattern that matches no name, and if nothing is left to train.
std::vector<device::NamedTensor> freeze(const std::vector<device::NamedTensor>& parameters,
                                        const std::vector<std::string>& patterns);

/// Starts fine-tuning: copies the weights of a model file (docs/model_format.md) whose name and
/// shape a weight of the trainer has. The others stay as they were drawn, and the moving average
/// restarts. Logs how many were copied and names the others.
/// Throws Error(config) if no weight of the file fits; Error(corrupt), Error(io) as
/// checkpoints::read_model_file.
void take_weights_of_model(const std::filesystem::path& model_file, TrainerState& trainer);

/// XXH3-64 of names and values in order of registration: equal if the bits are equal.
uint64_t weights_xxh3(const std::vector<device::NamedTensor>& weights);

int64_t num_elements(const std::vector<device::NamedTensor>& weights);

}  // namespace worker

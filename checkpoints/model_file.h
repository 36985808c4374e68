#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "checkpoints/safetensors.h"

namespace checkpoints {

/// A network that can be used: one safetensors file that describes itself (docs/model_format.md).
/// Loading it never runs code.
struct ModelFile {
  nlohmann::json network;  ///< architecture, as model::network_json writes it
  nlohmann::json about;    ///< task, normalisation, recipe, metrics, steps, versions: for people
  std::vector<device::NamedTensor> weights;  ///< by the parameters' PyTorch names
};

inline constexpr int kModelFormatVersion = 1;

/// In one step; an earlier file stays whole until then. Throws Error(io).
void write_model_file(const std::filesystem::path& path, const ModelFile& model);

/// Throws Error(corrupt) if the file is not a safetensors file, is one that no `restore-export`
/// made, or has another format version; Error(io).
ModelFile read_model_file(const std::filesystem::path& path);

}  // namespace checkpoints

#pragma once

#include <filesystem>

#include "checkpoints/checkpoint_folder.h"

namespace checkpoints {

inline constexpr char kStateFile[] = "state.json";
inline constexpr char kTensorsFile[] = "state.safetensors";
inline constexpr char kCompleteFile[] = "complete.json";  ///< written last
inline constexpr int kCheckpointFormatVersion = 1;

/// Writes a checkpoint's three files into an existing directory, each flushed to disk;
/// load_checkpoint reads them. Throws Error(io).
void write_checkpoint_files(const std::filesystem::path& directory, const Checkpoint& checkpoint);

}  // namespace checkpoints

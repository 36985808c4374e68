#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "checkpoints/run_state.h"
#include "device/named_tensor.h"

namespace checkpoints {

inline constexpr int kCheckpointFormatVersion = 1;
inline constexpr char kStateFile[] = "state.json";
inline constexpr char kTensorsFile[] = "state.safetensors";
inline constexpr char kCompleteFile[] = "complete.json";  ///< written last

/// All that a run needs to go on from a step.
struct Checkpoint {
  RunState state;
  std::vector<device::NamedTensor> tensors;
};

/// Writes the three files of a checkpoint into an existing directory, each flushed to disk.
/// Throws Error(io).
void write_checkpoint(const std::filesystem::path& directory, const Checkpoint& checkpoint);

/// Reads them after comparing sizes and checksums.
/// Throws Error(corrupt) or Error(io) with what is wrong.
Checkpoint load_checkpoint(const std::filesystem::path& directory);

/// best.json: which checkpoint of a run is its best. Each change reaches the disk in one step.
class BestMark {
 public:
  explicit BestMark(const std::filesystem::path& folder) : path_(folder / "best.json") {}

  /// None if there never was one. Throws Error(corrupt), Error(io).
  std::optional<int64_t> step() const;

  /// Throws Error(io), as `remove`.
  void set(int64_t step) const;
  void remove() const;

 private:
  std::filesystem::path path_;
};

}  // namespace checkpoints

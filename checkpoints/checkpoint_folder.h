#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checkpoints/checkpoint.h"

namespace checkpoints {

/// The checkpoints of one run (docs/checkpoint_format.md):
///     step-00001000/{state.safetensors, state.json, complete.json}   best.json
/// One process writes; any may read. Whatever moment the writer or the machine dies at, the newest
/// complete checkpoint is on disk, and so is the best.
class CheckpointFolder {
 public:
  /// The first save makes the folder. The `keep_last` newest checkpoints and the best are kept.
  CheckpointFolder(std::filesystem::path folder, int64_t keep_last);

  /// When it returns, the checkpoint is on disk under its name, and those that are not kept are
  /// gone. Throws Error(io), also for a full disk: earlier checkpoints are intact and nothing half
  /// written is left.
  void save(const Checkpoint& checkpoint, bool is_best);

  /// The newest checkpoint whose checksums are right, or none. `passed_over` gets a line for each
  /// newer one that is not: its name and what is wrong with it.
  std::optional<Checkpoint> load_newest(std::vector<std::string>& passed_over) const;

  /// The checkpoint last saved as best, or none if there never was one.
  /// Throws Error(corrupt) or Error(io) if there was and it cannot be read.
  std::optional<Checkpoint> load_best() const;

 private:
  /// A directory that may hold a checkpoint.
  struct Found {
    int64_t step;
    bool aside;  ///< it made way for one of the same step
    std::filesystem::path directory;
  };
  std::vector<Found> find() const;
  void forget_best_after(const RunState& state) const;
  std::filesystem::path directory_of(int64_t step) const;
  void install(const std::filesystem::path& temporary, int64_t step) const;
  void clean_up() const;
  void prune(int64_t newest) const;

  std::filesystem::path folder_;
  BestMark best_;
  int64_t keep_last_;
};

}  // namespace checkpoints

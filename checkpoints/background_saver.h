#pragma once

#include <future>

#include "checkpoints/checkpoint_folder.h"

namespace checkpoints {

/// A copy of a checkpoint in memory of its own, so that training can go on while it is written.
class Snapshot {
 public:
  /// Copies the state and all tensors, from wherever they are to the CPU. Uses the memory of the
  /// copy before again: only the first one pays for fresh pages.
  void take(const Checkpoint& checkpoint);

  const Checkpoint& checkpoint() const { return copy_; }

 private:
  bool fits(const std::vector<device::NamedTensor>& tensors) const;

  Checkpoint copy_;
};

/// Saves to a run's folder while training goes on: copies a checkpoint at once and writes it in a
/// thread, one checkpoint at a time.
class BackgroundSaver {
 public:
  explicit BackgroundSaver(CheckpointFolder folder) : folder_(std::move(folder)) {}
  /// Waits for the write. Logs its error, unless `save` or `wait` has thrown it.
  ~BackgroundSaver();

  /// Returns when the copy is taken: the checkpoint's tensors may change from then on. Waits for
  /// the save before it, if that is still being written, and says so in the log.
  /// Throws the error of that save, Error(io) for a full disk; then nothing is saved.
  void save(const Checkpoint& checkpoint, bool is_best);

  /// Returns when the last save is on disk. Throws its error.
  void wait();

 private:
  CheckpointFolder folder_;
  Snapshot snapshot_;          ///< the writer's until `writing_` is ready
  std::future<void> writing_;  ///< of the save in flight; invalid: none
};

}  // namespace checkpoints

#pragma once

#include <future>

#include "checkpoints/checkpoint_folder.h"
#include "checkpoints/snapshot.h"

namespace checkpoints {

/// Saves to a run's folder while training goes on: a checkpoint is copied at once, written by a
/// thread. One is being written at a time.
class BackgroundSaver {
 public:
  explicit BackgroundSaver(CheckpointFolder folder) : folder_(std::move(folder)) {}
  /// Waits for the write. Its error, if no one asked for it before, goes to the log.
  ~BackgroundSaver();
  BackgroundSaver(const BackgroundSaver&) = delete;
  BackgroundSaver& operator=(const BackgroundSaver&) = delete;

  /// Returns when the copy is taken: the checkpoint's tensors may change from then on. Waits for
  /// the save before it, if that is still being written, and says so in the log.
  /// Throws what that save ended with, Error(io) for a full disk; then nothing is saved.
  void save(const Checkpoint& checkpoint, bool is_best);

  /// Returns when the last save is on disk. Throws what it ended with.
  void wait();

 private:
  CheckpointFolder folder_;
  Snapshot snapshot_;          ///< the writer's until `writing_` is ready
  std::future<void> writing_;  ///< of the save in flight; invalid: none
};

}  // namespace checkpoints

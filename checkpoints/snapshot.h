#pragma once

#include "checkpoints/checkpoint_folder.h"

namespace checkpoints {

/// A copy of a checkpoint in memory of its own, so that training can go on while it is written.
class Snapshot {
 public:
  /// Copies the state and all tensors, from wherever they are to the CPU. Memory of the copy before
  /// is used again: only the first one pays for fresh pages.
  void take(const Checkpoint& checkpoint);

  const Checkpoint& checkpoint() const { return copy_; }

 private:
  bool fits(const std::vector<device::NamedTensor>& tensors) const;

  Checkpoint copy_;
};

}  // namespace checkpoints

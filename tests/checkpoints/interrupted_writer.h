#pragma once

#include <cstdint>
#include <functional>

namespace checkpoints {

/// What ends the writer's life.
enum class End {
  kill,        ///< SIGKILL: what the kernel was given stays
  power_loss,  ///< bytes and names that were not flushed to disk are gone; what was removed is gone
  lost_bytes,  ///< the names are there, bytes that were not flushed to disk are gone
};

/// Runs `write` in a child process that ends right before its `call`-th change of the file system
/// (open for writing, write, fsync, rename, unlink, mkdir, ...; counted from 1); a write ends half
/// done. Returns false if `write` came to its end before that. Throws if it failed.
bool interrupted(End end, int64_t call, const std::function<void()>& write);

}  // namespace checkpoints

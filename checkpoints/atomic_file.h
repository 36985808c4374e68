#pragma once

#include <filesystem>

#include "common/files.h"

namespace checkpoints {

/// A file that appears under its name only when it is whole: written beside it in pieces, then
/// committed. Destroyed uncommitted it leaves nothing, and an earlier file of the name as it was.
/// For what is too large to hold in memory twice; common/files.h has the one for small files.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error(io), as all here.
  void write(const void* data, size_t num_bytes);

  /// fsync, rename, fsync of the folder.
  void commit();

 private:
  std::filesystem::path path_, temporary_;
  common::FileDescriptor file_;
  bool renamed_ = false;
};

}  // namespace checkpoints

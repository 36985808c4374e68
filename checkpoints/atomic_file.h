#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "common/files.h"

namespace checkpoints {

/// A file that appears under its name only when it is whole: written beside it in pieces, then
/// committed. Destroyed uncommitted it leaves nothing, and an earlier file of the name as it was.
/// For what is too large to hold in memory twice; common/files.h has the one for small files.
///
/// Writes past the page cache (O_DIRECT) where the file system can: a checkpoint is not read soon,
/// and should cost neither the copy nor the cached pages of the data that training reads.
class AtomicFile {
 public:
  /// `num_bytes` will be written. Room for them is taken at once where the file system can: a full
  /// disk is found before anything is written. Throws Error(io), as all here.
  AtomicFile(std::filesystem::path path, uint64_t num_bytes);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const void* data, size_t num_bytes);

  /// fsync, rename, fsync of the folder.
  void commit();

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  void reserve(uint64_t num_bytes);
  void write_buffer();
  void leave_direct();

  std::filesystem::path path_, temporary_;
  common::FileDescriptor file_;
  std::unique_ptr<char, Free> buffer_;  ///< aligned, as O_DIRECT wants it
  size_t buffered_ = 0;                 ///< bytes
  bool is_direct_ = false, renamed_ = false;
};

}  // namespace checkpoints

#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "common/files.h"

namespace checkpoints {

/// Writes a file from its first byte to its last without the page cache (O_DIRECT), where the file
/// system can: nobody reads a checkpoint soon, so it should not push the training data out of the
/// cache. All methods throw Error(io).
class DirectWriter {
 public:
  /// `path` is an empty file. Reserves `num_bytes` where the file system can, so that a full disk
  /// is found before anything is written.
  DirectWriter(std::filesystem::path path, uint64_t num_bytes);

  void write(const void* data, size_t num_bytes);

  /// After the last write. The kernel has all bytes then; fsync is left to the caller.
  void finish();

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  void write_buffer();
  void leave_direct();

  std::filesystem::path path_;
  common::FileDescriptor file_;
  std::unique_ptr<char, Free> buffer_;  // aligned, as O_DIRECT wants it
  size_t buffered_ = 0;                 // bytes
  bool is_direct_ = false;
};

}  // namespace checkpoints

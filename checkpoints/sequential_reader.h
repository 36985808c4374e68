#pragma once

#include <filesystem>

#include "common/files.h"
#include "common/hash.h"

namespace checkpoints {

/// Reads a file from its first byte to its last, the disk kept busy ahead of what is asked for.
class SequentialReader {
 public:
  /// `checksum`, if not null, takes all bytes that are read. Throws Error(io), also for what is no
  /// regular file.
  SequentialReader(std::filesystem::path path, common::Xxh3Stream* checksum);

  uint64_t file_bytes() const { return file_bytes_; }

  /// The next bytes. Throws Error(corrupt) if the file ends before, Error(io).
  void read(void* data, uint64_t num_bytes);

 private:
  void read_ahead();

  std::filesystem::path path_;
  common::FileDescriptor file_;
  common::Xxh3Stream* checksum_;
  uint64_t file_bytes_ = 0, offset_ = 0, asked_for_ = 0;
};

}  // namespace checkpoints

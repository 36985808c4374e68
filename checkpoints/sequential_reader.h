#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/files.h"
#include "common/hash.h"

namespace checkpoints {

/// Reads a file from its first byte to its last, and asks the disk for the next bytes ahead.
class SequentialReader {
 public:
  /// Memory for a part of the file.
  struct Target {
    char* data;
    uint64_t num_bytes;
  };

  /// `checksum`, if not null, takes all bytes that are read. Throws Error(io), also if it is not a
  /// regular file.
  SequentialReader(std::filesystem::path path, common::Xxh3Stream* checksum);

  uint64_t file_bytes() const { return file_bytes_; }

  /// The next bytes. Throws Error(corrupt) if the file ends before, Error(io).
  void read(void* data, uint64_t num_bytes);

  /// The next bytes, one target after the other. Two threads read while the caller's computes the
  /// checksum: copying into fresh memory takes longer than disk and checksum. Throws as above.
  void read(std::span<const Target> targets);

 private:
  struct Piece {
    Target target;
    uint64_t offset;
  };
  std::vector<Piece> next_pieces(std::span<const Target> targets);
  void read_piece(const Piece& piece) const;

  std::filesystem::path path_;
  common::FileDescriptor file_;
  common::Xxh3Stream* checksum_;
  uint64_t file_bytes_ = 0, offset_ = 0;
};

}  // namespace checkpoints

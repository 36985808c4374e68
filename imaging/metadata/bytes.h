#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/files.h"

namespace imaging {

enum class ByteOrder { little, big };

/// The unsigned number that all of `bytes` (at most eight) are, and the other way round.
uint64_t number_of(std::string_view bytes, ByteOrder order);
std::string bytes_of(uint64_t number, size_t num_bytes, ByteOrder order);

/// As much of one picture's metadata as is held in memory. Real ones have a few hundred KiB.
inline constexpr uint64_t kMostMetadataBytes = uint64_t{64} << 20;

/// Bytes that metadata are read from, where they are asked for: a file of any size, or a block.
class ByteSource {
 public:
  /// Throws Error(io) if the file cannot be opened.
  explicit ByteSource(const std::filesystem::path& file);
  static ByteSource in_memory(std::string bytes);

  uint64_t size() const { return size_; }

  /// Throws Error(corrupt) if that is not within the source, or more than kMostMetadataBytes.
  std::string read(uint64_t offset, uint64_t num_bytes) const;
  /// The same, less where the source ends before.
  std::string read_at_most(uint64_t offset, uint64_t num_bytes) const;

 private:
  ByteSource() = default;
  std::filesystem::path path_;
  common::FileDescriptor file_;
  std::optional<std::string> block_;
  uint64_t size_ = 0;
};

}  // namespace imaging

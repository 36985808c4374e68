#include "imaging/metadata/bytes.h"

#include <fcntl.h>

#include <algorithm>

#include "common/error.h"

namespace imaging {

uint64_t number_of(std::string_view bytes, ByteOrder order) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t next = order == ByteOrder::big ? i : bytes.size() - 1 - i;
    number = number << 8 | static_cast<uint8_t>(bytes[next]);
  }
  return number;
}

std::string bytes_of(uint64_t number, size_t num_bytes, ByteOrder order) {
  std::string bytes(num_bytes, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(number & 0xFF);
    number >>= 8;
  }
  if (order == ByteOrder::big) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

ByteSource::ByteSource(const std::filesystem::path& file)
    : path_(file),
      file_(common::open_file(file, O_RDONLY | O_NONBLOCK)),
      size_(std::filesystem::file_size(file)) {}

ByteSource ByteSource::in_memory(std::string bytes) {
  ByteSource source;
  source.size_ = bytes.size();
  source.block_ = std::move(bytes);
  return source;
}

std::string ByteSource::read(uint64_t offset, uint64_t num_bytes) const {
  if (offset > size_ || num_bytes > size_ - offset) {
    throw common::Error(common::ErrorKind::corrupt, "something lies behind its end");
  }
  if (num_bytes > kMostMetadataBytes) {
    throw common::Error(common::ErrorKind::corrupt, "something in it is implausibly large");
  }
  if (block_) return block_->substr(offset, num_bytes);
  std::string bytes(num_bytes, '\0');
  common::read_exactly(file_, bytes.data(), num_bytes, offset, path_);
  return bytes;
}

std::string ByteSource::read_at_most(uint64_t offset, uint64_t num_bytes) const {
  return read(offset, std::min(num_bytes, size_ - std::min(offset, size_)));
}

}  // namespace imaging

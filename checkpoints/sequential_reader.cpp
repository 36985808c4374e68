#include "checkpoints/sequential_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "common/error.h"

namespace checkpoints {
namespace {

constexpr uint64_t kPieceBytes = uint64_t{1} << 20;   // still in the cache when it is hashed
constexpr uint64_t kAheadBytes = uint64_t{32} << 20;  // asked of the disk before it is needed
constexpr uint64_t kAskBytes = kAheadBytes / 4;

}  // namespace

SequentialReader::SequentialReader(std::filesystem::path path, common::Xxh3Stream* checksum)
    : path_(std::move(path)), file_(common::open_file(path_, O_RDONLY)), checksum_(checksum) {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) throw common::io_error("cannot read", path_);
  if (!S_ISREG(status.st_mode)) {
    throw common::Error(common::ErrorKind::io, "cannot read " + path_.string() + ": not a file");
  }
  file_bytes_ = static_cast<uint64_t>(status.st_size);
}

void SequentialReader::read(void* data, uint64_t num_bytes) {
  char* next = static_cast<char*>(data);
  while (num_bytes > 0) {
    read_ahead();
    const uint64_t length = std::min(num_bytes, kPieceBytes);
    common::read_exactly(file_, next, length, offset_, path_);
    if (checksum_ != nullptr) checksum_->update(next, length);
    next += length;
    offset_ += length;
    num_bytes -= length;
  }
}

/// The kernel's own window is too short to keep the disk busy while a piece is copied and hashed.
void SequentialReader::read_ahead() {
  while (asked_for_ < std::min(offset_ + kAheadBytes, file_bytes_)) {
    ::posix_fadvise(file_.get(), static_cast<off_t>(asked_for_), kAskBytes, POSIX_FADV_WILLNEED);
    asked_for_ += kAskBytes;
  }
}

}  // namespace checkpoints

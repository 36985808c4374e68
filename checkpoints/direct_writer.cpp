#include "checkpoints/direct_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "common/error.h"

namespace checkpoints {
namespace {

constexpr size_t kBufferBytes = size_t{4} << 20;
constexpr size_t kAlignment = 4096;  // of memory, offsets and lengths; at least the disk's block

/// Where the file system cannot reserve, write(2) finds out.
void reserve(const common::FileDescriptor& file, uint64_t num_bytes,
             const std::filesystem::path& path) {
  if (num_bytes == 0 || ::fallocate(file.get(), 0, 0, static_cast<off_t>(num_bytes)) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    throw common::io_error("cannot write", path);
  }
}

}  // namespace

DirectWriter::DirectWriter(std::filesystem::path path, uint64_t num_bytes)
    : path_(std::move(path)),
      file_(common::open_file(path_, O_WRONLY)),
      buffer_(static_cast<char*>(std::aligned_alloc(kAlignment, kBufferBytes))) {
  if (buffer_ == nullptr) throw std::bad_alloc();
  is_direct_ = ::fcntl(file_.get(), F_SETFL, O_DIRECT) == 0;
  reserve(file_, num_bytes, path_);
}

void DirectWriter::write(const void* data, size_t num_bytes) {
  const char* next = static_cast<const char*>(data);
  while (num_bytes > 0) {
    const size_t length = std::min(num_bytes, kBufferBytes - buffered_);
    std::memcpy(buffer_.get() + buffered_, next, length);
    buffered_ += length;
    next += length;
    num_bytes -= length;
    if (buffered_ == kBufferBytes) write_buffer();
  }
}

void DirectWriter::write_buffer() {
  size_t written = 0;
  while (written < buffered_) {
    const ssize_t count = ::write(file_.get(), buffer_.get() + written, buffered_ - written);
    if (count >= 0) {
      written += static_cast<size_t>(count);
    } else if (errno == EINVAL && is_direct_) {
      leave_direct();  // the disk's blocks are larger than ours, or a short write left a rest
    } else if (errno != EINTR) {
      throw common::io_error("cannot write", path_);
    }
  }
  buffered_ = 0;
}

void DirectWriter::leave_direct() {
  ::fcntl(file_.get(), F_SETFL, 0);
  is_direct_ = false;
}

void DirectWriter::finish() {
  leave_direct();  // the end of the file need not fill a block
  write_buffer();
}

}  // namespace checkpoints

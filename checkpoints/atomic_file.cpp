#include "checkpoints/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>

#include "common/error.h"

namespace checkpoints {
namespace {

constexpr size_t kBufferBytes = size_t{4} << 20;
constexpr size_t kAlignment = 4096;  // of memory, offsets and lengths; at least the disk's block

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, uint64_t num_bytes)
    : path_(std::move(path)),
      temporary_(path_.string() + "." + std::to_string(::getpid()) + ".tmp"),
      file_(common::open_file(temporary_, O_WRONLY | O_CREAT | O_TRUNC)),
      buffer_(static_cast<char*>(std::aligned_alloc(kAlignment, kBufferBytes))) {
  if (buffer_ == nullptr) throw std::bad_alloc();
  is_direct_ = ::fcntl(file_.get(), F_SETFL, O_DIRECT) == 0;
  try {
    reserve(num_bytes);
  } catch (...) {
    ::unlink(temporary_.c_str());  // no destructor runs
    throw;
  }
}

AtomicFile::~AtomicFile() {
  if (!renamed_) ::unlink(temporary_.c_str());
}

void AtomicFile::reserve(uint64_t num_bytes) {
  if (num_bytes == 0 || ::fallocate(file_.get(), 0, 0, static_cast<off_t>(num_bytes)) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    throw common::io_error("cannot write", temporary_);
  }  // else the file system cannot reserve; write(2) finds out
}

void AtomicFile::write(const void* data, size_t num_bytes) {
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

void AtomicFile::write_buffer() {
  size_t written = 0;
  while (written < buffered_) {
    const ssize_t count = ::write(file_.get(), buffer_.get() + written, buffered_ - written);
    if (count >= 0) {
      written += static_cast<size_t>(count);
    } else if (errno == EINVAL && is_direct_) {
      leave_direct();  // larger blocks than ours, or what a short write left is not aligned
    } else if (errno != EINTR) {
      throw common::io_error("cannot write", temporary_);
    }
  }
  buffered_ = 0;
}

void AtomicFile::leave_direct() {
  ::fcntl(file_.get(), F_SETFL, 0);
  is_direct_ = false;
}

void AtomicFile::commit() {
  leave_direct();  // the end of the file need not fill a block
  write_buffer();
  if (::fsync(file_.get()) != 0) throw common::io_error("cannot flush to disk", temporary_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw common::io_error("cannot replace", path_);
  }
  renamed_ = true;
  common::sync_path(path_.has_parent_path() ? path_.parent_path() : ".");
}

}  // namespace checkpoints

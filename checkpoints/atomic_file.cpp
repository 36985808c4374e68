#include "checkpoints/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "common/error.h"

namespace checkpoints {

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)),
      temporary_(path_.string() + "." + std::to_string(::getpid()) + ".tmp"),
      file_(common::open_file(temporary_, O_WRONLY | O_CREAT | O_TRUNC)) {}

AtomicFile::~AtomicFile() {
  if (!renamed_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void* data, size_t num_bytes) {
  common::write_all(file_, data, num_bytes, temporary_);
}

void AtomicFile::commit() {
  if (::fsync(file_.get()) != 0) throw common::io_error("cannot flush to disk", temporary_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw common::io_error("cannot replace", path_);
  }
  renamed_ = true;
  common::sync_path(path_.has_parent_path() ? path_.parent_path() : ".");
}

}  // namespace checkpoints

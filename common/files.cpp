#include "common/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <initializer_list>

#include "common/error.h"
#include "common/hash.h"

namespace common {
namespace fs = std::filesystem;

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int FileDescriptor::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

FileDescriptor open_file(const fs::path& path, int flags, int mode) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (fd < 0) throw io_error("cannot open", path);
  return FileDescriptor(fd);
}

void write_all(const FileDescriptor& file, const void* data, size_t num_bytes,
               const fs::path& path) {
  const char* next = static_cast<const char*>(data);
  while (num_bytes > 0) {
    const ssize_t written = ::write(file.get(), next, num_bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw io_error("cannot write", path);
    next += written;
    num_bytes -= static_cast<size_t>(written);
  }
}

void read_exactly(const FileDescriptor& file, void* data, size_t num_bytes, size_t offset,
                  const fs::path& path) {
  char* next = static_cast<char*>(data);
  while (num_bytes > 0) {
    const ssize_t got = ::pread(file.get(), next, num_bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error("cannot read", path);
    if (got == 0) {
      throw corrupt_error(path.string() + " is truncated: it ends " + std::to_string(num_bytes) +
                          " bytes before byte " + std::to_string(offset + num_bytes));
    }
    next += got;
    offset += static_cast<size_t>(got);
    num_bytes -= static_cast<size_t>(got);
  }
}

std::string read_file(const fs::path& path, size_t max_bytes) {
  const FileDescriptor file = open_file(path, O_RDONLY);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw io_error("cannot read", path);
  if (S_ISDIR(status.st_mode)) {
    throw Error(ErrorKind::io, "cannot read " + path.string() + ": it is a folder");
  }
  const auto refuse_size = [&](const std::string& size) {
    throw Error(ErrorKind::io, path.string() + " has " + size + " bytes; at most " +
                                   std::to_string(max_bytes) +
                                   " are read from a file of this kind");
  };
  const auto num_bytes = static_cast<size_t>(status.st_size);
  if (num_bytes > max_bytes) refuse_size(std::to_string(num_bytes));
  std::string bytes(num_bytes, '\0');
  if (S_ISREG(status.st_mode) && num_bytes > 0) {
    read_exactly(file, bytes.data(), num_bytes, 0, path);
    return bytes;
  }
  // A pipe, or a file of /proc: its size is known when it has been read.
  char part[65536];
  while (true) {
    const ssize_t got = ::read(file.get(), part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error("cannot read", path);
    if (got == 0) return bytes;
    bytes.append(part, static_cast<size_t>(got));
    if (bytes.size() > max_bytes) refuse_size("more");
  }
}

void sync_path(const fs::path& path) {
  const FileDescriptor file = open_file(path, O_RDONLY);
  if (::fsync(file.get()) != 0) throw io_error("cannot flush to disk", path);
}

namespace {

/// PATH.PID.tmp, shorter if no file could be called so; exiftool needs 13 bytes more.
fs::path temporary_name(const fs::path& path) {
  constexpr size_t kLongest = 255 - 13;
  const std::string ending = "." + std::to_string(::getpid()) + ".tmp";
  std::string name = path.filename().string();
  if (name.size() + ending.size() > kLongest) {
    const std::string hash = hex64(xxh3(name));
    name = name.substr(0, kLongest - ending.size() - hash.size()) + hash;
  }
  return path.parent_path() / (name + ending);
}

/// A rename would put a file in the place of a device or a pipe, /dev/null even.
fs::path replaceable(fs::path path) {
  std::error_code absent;
  const fs::file_status there = fs::status(path, absent);
  if (fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there)) {
    throw Error(ErrorKind::io,
                path.string() + " is a device or a pipe, no file: name a file to write to");
  }
  return path;
}

}  // namespace

AtomicFile::AtomicFile(fs::path path)
    : path_(replaceable(std::move(path))),
      temporary_(temporary_name(path_)),
      file_(open_file(temporary_, O_WRONLY | O_CREAT | O_TRUNC)) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  write_all(file_, bytes.data(), bytes.size(), temporary_);
}

void AtomicFile::commit() {
  sync_path(temporary_);  // by name: a library may have put another file there
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) throw io_error("cannot replace", path_);
  temporary_.clear();
  sync_path(path_.has_parent_path() ? path_.parent_path() : fs::path("."));
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void make_directories(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    throw Error(ErrorKind::io, "cannot make the folder " + path.string() + ": " + error.message());
  }
}

namespace {

/// Libraries pass errno on as its text.
bool says(std::string_view message, std::initializer_list<int> codes) {
  return std::any_of(codes.begin(), codes.end(), [&](int code) {
    return message.find(std::strerror(code)) != std::string_view::npos;
  });
}

}  // namespace

bool is_disk_full(const fs::path& folder, std::string_view message) {
  if (says(message, {ENOSPC, EDQUOT})) return true;
  try {
    AtomicFile probe(folder / ".space");
    probe.write(std::string(1 << 20, 'x'));
    return false;
  } catch (const Error& error) {
    return says(error.what(), {ENOSPC, EDQUOT, EFBIG});
  }
}

}  // namespace common

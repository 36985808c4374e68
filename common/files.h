#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace common {

/// The whole file. Throws Error(io) if it cannot be read or is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, size_t max_bytes = size_t{1} << 30);

/// fsync of a file or a folder by name. Throws Error(io).
void sync_path(const std::filesystem::path& path);

/// mkdir -p. Throws Error(io).
void make_directories(const std::filesystem::path& path);

/// Whether the disk of `folder`, or the user's share of it, is full: not a megabyte can be written
/// there. `message` is of the error that makes one ask; its text may tell already.
bool is_disk_full(const std::filesystem::path& folder, std::string_view message);

/// An open file descriptor, closed at the end of its life.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();
  int get() const { return fd_; }
  int release();

 private:
  int fd_ = -1;
};

/// open(2) with O_CLOEXEC. Throws Error(io).
FileDescriptor open_file(const std::filesystem::path& path, int flags, int mode = 0666);

/// Writes all bytes, in as many write(2) calls as that takes. `path` is for the message. Throws
/// Error(io).
void write_all(const FileDescriptor& file, const void* data, size_t num_bytes,
               const std::filesystem::path& path);

/// Reads exactly `num_bytes` at `offset`. Throws Error(corrupt) if the file ends before, Error(io)
/// otherwise.
void read_exactly(const FileDescriptor& file, void* data, size_t num_bytes, size_t offset,
                  const std::filesystem::path& path);

/// A file that appears under its name only when it is whole. It is written under a temporary name
/// in the same folder, and commit() renames it. Without commit() the temporary file is deleted and
/// an earlier file stays as it was; of a link, the file that it points to. All methods throw
/// Error(io), the constructor also for a device or a pipe.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();

  void write(std::string_view bytes);

  /// For libraries that write to a file by its name. The file is there already, empty.
  const std::filesystem::path& temporary() const { return temporary_; }

  /// fsync, rename, fsync of the folder.
  void commit();

 private:
  std::filesystem::path path_, temporary_;  // temporary_ is empty after the rename
  FileDescriptor file_;
};

/// The same for bytes that are in memory.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace common

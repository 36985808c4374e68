// The calls below take the place of the C library's in the test program: its own code and
// libstdc++'s <filesystem> reach the kernel through them.
#include "tests/checkpoints/interrupted_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace checkpoints {
namespace {

namespace fs = std::filesystem;

std::string path_of(int fd) {
  char path[4096] = {};
  const auto length =
      ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof path - 1);
  return length > 0 ? path : "";
}

/// The disk as far as it has not been told to keep what it was given.
class Disk {
 public:
  Disk(End end, int64_t last_call) : end_(end), last_call_(last_call) {}

  /// True if the writer ends now.
  bool ends_here() { return ++num_calls_ == last_call_; }

  void wrote(int fd) {
    struct stat status {};
    ::fstat(fd, &status);
    if (!unflushed_.contains(status.st_ino)) unflushed_[status.st_ino] = ::dup(fd);
  }

  void flushed(int fd) {
    struct stat status {};
    ::fstat(fd, &status);
    unflushed_.erase(status.st_ino);
    const fs::path folder = path_of(fd);
    std::erase_if(new_names_, [&](const Name& name) {
      const bool is_kept = name.path.parent_path() == folder;
      if (is_kept && !name.replaced.empty()) ::syscall(SYS_unlink, name.replaced.c_str());
      return is_kept;
    });
  }

  void made(const fs::path& path) { new_names_.push_back({path, {}, {}}); }

  void renaming(const fs::path& from, const fs::path& to) {
    fs::path replaced;
    if (end_ == End::power_loss && fs::is_regular_file(to)) {
      replaced = to.string() + ".replaced";
      if (::link(to.c_str(), replaced.c_str()) != 0) std::perror("link");
    }
    new_names_.push_back({to, from, replaced});
  }

  [[noreturn]] void end() {
    if (end_ != End::kill) {
      for (const auto& [inode, fd] : unflushed_) {
        if (::ftruncate(fd, 0) != 0) std::perror("ftruncate");
      }
    }
    if (end_ == End::power_loss) forget_new_names();
    ::kill(::getpid(), SIGKILL);
    std::abort();
  }

 private:
  struct Name {
    fs::path path, renamed_from, replaced;
  };

  void forget_new_names() {
    for (; !new_names_.empty(); new_names_.pop_back()) {
      const auto& [path, from, replaced] = new_names_.back();
      if (from.empty()) {
        ::syscall(SYS_unlink, path.c_str());
        ::syscall(SYS_rmdir, path.c_str());
        continue;
      }
      ::syscall(SYS_rename, path.c_str(), from.c_str());
      if (!replaced.empty()) ::syscall(SYS_rename, replaced.c_str(), path.c_str());
    }
  }

  End end_;
  int64_t last_call_, num_calls_ = 0;
  std::map<ino_t, int> unflushed_;  ///< files with bytes that may be lost; a descriptor of each
  std::vector<Name> new_names_;     ///< names that may be lost, oldest first
};

Disk* disk = nullptr;  // of the child; in the parent calls pass through

void end_if_due() {
  if (disk != nullptr && disk->ends_here()) disk->end();
}

}  // namespace

bool interrupted(End end, int64_t call, const std::function<void()>& write) {
  const pid_t child = ::fork();
  if (child == 0) {
    Disk its_disk(end, call);
    disk = &its_disk;
    try {
      write();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the writer failed: %s\n", error.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return false;
  throw std::runtime_error("the writer ended with status " + std::to_string(status));
}

}  // namespace checkpoints

using checkpoints::disk;
using checkpoints::end_if_due;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if ((flags & O_ACCMODE) != O_RDONLY) {
    end_if_due();
    if (disk != nullptr && ::access(path, F_OK) != 0) disk->made(path);
  }
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

ssize_t write(int fd, const void* data, size_t num_bytes) {
  if (disk != nullptr && fd > 2) {
    disk->wrote(fd);
    if (disk->ends_here()) {
      ::syscall(SYS_write, fd, data, num_bytes / 2);
      disk->end();
    }
  }
  return ::syscall(SYS_write, fd, data, num_bytes);
}

// The disk is a model: no need to wait for the real one.
int fsync(int fd) {
  end_if_due();
  if (disk != nullptr) disk->flushed(fd);
  return 0;
}

int rename(const char* from, const char* to) noexcept {
  end_if_due();
  if (disk != nullptr) disk->renaming(from, to);
  return static_cast<int>(::syscall(SYS_rename, from, to));
}

int mkdir(const char* path, mode_t mode) noexcept {
  end_if_due();
  if (disk != nullptr && ::access(path, F_OK) != 0) disk->made(path);
  return static_cast<int>(::syscall(SYS_mkdir, path, mode));
}

int unlink(const char* path) noexcept {
  end_if_due();
  return static_cast<int>(::syscall(SYS_unlink, path));
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  end_if_due();
  return static_cast<int>(::syscall(SYS_unlinkat, folder, path, flags));
}

int remove(const char* path) noexcept {
  end_if_due();
  const auto done = ::syscall(SYS_unlink, path);
  return static_cast<int>(done == 0 || errno != EISDIR ? done : ::syscall(SYS_rmdir, path));
}

int fallocate(int fd, int mode, off_t offset, off_t length) {
  end_if_due();
  return static_cast<int>(::syscall(SYS_fallocate, fd, mode, offset, length));
}

}  // extern "C"

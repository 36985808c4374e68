#pragma once

#include <signal.h>
#include <sys/resource.h>

namespace tests {

/// While it lives, no file of this process grows above `max_bytes`: write(2) fails as on a full
/// disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t max_bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{max_bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

}  // namespace tests

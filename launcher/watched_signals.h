#pragma once

#include <signal.h>

#include "common/files.h"

namespace launcher {

/// SIGUSR1, SIGTERM, SIGINT and SIGCHLD as something to wait for instead of something that ends the
/// process or interrupts it. Made first thing in main, before other threads: a signal that comes
/// before anybody waits is kept.
class WatchedSignals {
 public:
  WatchedSignals();
  ~WatchedSignals();  // gives the signals back
  WatchedSignals(const WatchedSignals&) = delete;
  WatchedSignals& operator=(const WatchedSignals&) = delete;

  /// The next signal, or 0 if there is none now.
  int next() const;

  /// Sleeps until a signal can be had from next(), `other_fd` (-1: none) can be read, or the time
  /// is over.
  void wait(double timeout_s, int other_fd = -1) const;

 private:
  sigset_t before_{};
  common::FileDescriptor file_;
};

}  // namespace launcher

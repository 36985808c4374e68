#pragma once

#include <signal.h>

#include <optional>

#include "common/files.h"

namespace launcher {

/// What signals ask of the launcher. The first SIGUSR1, SIGTERM or SIGINT asks the workers to save
/// and stop; SIGTERM or SIGINT after that asks to end at once.
///
/// Signals are blocked and read from a file, so they neither end nor interrupt the process.
/// Construct it first in main, before other threads: a signal that comes early is kept.
class StopRequest {
 public:
  StopRequest();
  ~StopRequest();  // gives the signals back

  /// Takes in the signals that have come since the last call.
  void look();

  bool asked() const { return asked_at_s_.has_value(); }
  bool at_once() const { return at_once_; }
  double seconds_since_asked(double now_s) const { return now_s - asked_at_s_.value_or(now_s); }

  /// Sleeps until a signal comes (SIGCHLD, too), `other_fd` (-1: none) can be read, or the time is
  /// over.
  void sleep(double seconds, int other_fd = -1) const;

 private:
  sigset_t before_{};
  common::FileDescriptor signals_;
  std::optional<double> asked_at_s_;
  bool at_once_ = false;
};

}  // namespace launcher

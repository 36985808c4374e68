#pragma once

#include <optional>

#include "launcher/worker_group_watch.h"
#include "launcher/watched_signals.h"

namespace launcher {

/// What signals have asked of the launcher: the first SIGUSR1, SIGTERM or SIGINT asks the workers
/// to save and stop, SIGTERM or SIGINT after that to end at once.
class StopRequest {
 public:
  explicit StopRequest(const WatchedSignals& signals) : signals_(signals) {}

  /// Takes in the signals that have come since the last call.
  void look();

  bool asked() const { return asked_at_.has_value(); }
  bool at_once() const { return at_once_; }
  double seconds_since_asked(Clock::time_point now) const;

  /// Sleeps up to `seconds`; wakes up for signals.
  void sleep(double seconds, int other_fd = -1) const { signals_.wait(seconds, other_fd); }

 private:
  const WatchedSignals& signals_;
  std::optional<Clock::time_point> asked_at_;
  bool at_once_ = false;
};

}  // namespace launcher

#pragma once

#include <csignal>
#include <initializer_list>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace common {

/// While it lives, the given signals request a stop instead of ending the process; a SIGHUP
/// that nohup has it ignore stays ignored. One at a time in a process.
class StopSignals {
 public:
  enum class Second { is_ignored, ends_the_process };

  /// `second`: what the same signal does when it comes again.
  explicit StopSignals(std::initializer_list<int> signals, Second second = Second::is_ignored);
  ~StopSignals();  // gives the signals back

  /// Tells of the stop, also after this object has gone.
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::vector<std::pair<int, struct sigaction>> before_;
  std::thread waiter_;
};

}  // namespace common

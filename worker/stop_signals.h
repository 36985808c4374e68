#pragma once

#include <csignal>

namespace worker {

/// Turns SIGUSR1 and SIGTERM into a question that the loop asks between two steps. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();  // gives the signals back
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// True once one of them came.
  bool requested() const;

 private:
  struct sigaction before_usr1_ {};
  struct sigaction before_term_ {};
};

}  // namespace worker

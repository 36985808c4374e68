#include "launcher/stop_request.h"

#include <signal.h>

namespace launcher {

void StopRequest::look() {
  while (const int number = signals_.next()) {
    if (number == SIGCHLD) continue;  // only wakes us up
    if (asked_at_ && number != SIGUSR1) at_once_ = true;
    if (!asked_at_) asked_at_ = Clock::now();
  }
}

double StopRequest::seconds_since_asked(Clock::time_point now) const {
  return asked_at_ ? std::chrono::duration<double>(now - *asked_at_).count() : 0;
}

}  // namespace launcher

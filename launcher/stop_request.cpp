#include "launcher/stop_request.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "common/clock.h"
#include "common/error.h"

namespace launcher {

StopRequest::StopRequest() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGUSR1, SIGTERM, SIGINT, SIGCHLD}) sigaddset(&watched, number);
  sigprocmask(SIG_BLOCK, &watched, &before_);
  signals_ = common::FileDescriptor(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (signals_.get() < 0) throw common::io_error("cannot wait for", "signals");
}

StopRequest::~StopRequest() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

void StopRequest::look() {
  signalfd_siginfo signal{};
  while (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    if (signal.ssi_signo == SIGCHLD) continue;  // only ends the sleep
    if (asked() && signal.ssi_signo != SIGUSR1) at_once_ = true;
    if (!asked()) asked_at_s_ = common::steady_now_s();
  }
}

void StopRequest::sleep(double seconds, int other_fd) const {
  pollfd files[] = {{signals_.get(), POLLIN, 0}, {other_fd, POLLIN, 0}};  // poll ignores -1
  poll(files, 2, static_cast<int>(std::max(0.0, seconds) * 1000));
}

}  // namespace launcher

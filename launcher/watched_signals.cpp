#include "launcher/watched_signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "common/error.h"

namespace launcher {

WatchedSignals::WatchedSignals() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGUSR1, SIGTERM, SIGINT, SIGCHLD}) sigaddset(&watched, number);
  sigprocmask(SIG_BLOCK, &watched, &before_);
  file_ = common::FileDescriptor(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
  if (file_.get() < 0) throw common::io_error("cannot wait for", "signals");
}

WatchedSignals::~WatchedSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

int WatchedSignals::next() const {
  signalfd_siginfo signal{};
  return read(file_.get(), &signal, sizeof signal) == sizeof signal
             ? static_cast<int>(signal.ssi_signo)
             : 0;
}

void WatchedSignals::wait(double timeout_s, int other_fd) const {
  pollfd files[] = {{file_.get(), POLLIN, 0}, {other_fd, POLLIN, 0}};  // poll passes over -1
  poll(files, 2, static_cast<int>(std::max(0.0, timeout_s) * 1000));
}

}  // namespace launcher

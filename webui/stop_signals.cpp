#include "webui/stop_signals.h"

#include <signal.h>

namespace webui {
namespace {

// A signal handler reaches nothing else.
std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void set_action(void (*action)(int), int flags) {
  struct sigaction how {};
  how.sa_handler = action;
  how.sa_flags = flags;
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &how, nullptr);
}

}  // namespace

StopSignals::StopSignals() {
  stop_requested = false;
  set_action([](int) { stop_requested = true; }, static_cast<int>(SA_RESETHAND) | SA_RESTART);
}

StopSignals::~StopSignals() { set_action(SIG_DFL, 0); }

const std::atomic<bool>& StopSignals::requested() const { return stop_requested; }

}  // namespace webui

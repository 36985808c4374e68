#include "worker/stop_signals.h"

namespace worker {
namespace {

// A signal handler can reach nothing but a variable of static life.
volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) { stop_requested = 1; }

}  // namespace

StopSignals::StopSignals() {
  stop_requested = 0;
  struct sigaction action {};
  action.sa_handler = request_stop;
  action.sa_flags = SA_RESTART;  // reading data ahead and writing files go on undisturbed
  sigaction(SIGUSR1, &action, &before_usr1_);
  sigaction(SIGTERM, &action, &before_term_);
}

StopSignals::~StopSignals() {
  sigaction(SIGUSR1, &before_usr1_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

bool StopSignals::requested() const { return stop_requested != 0; }

}  // namespace worker

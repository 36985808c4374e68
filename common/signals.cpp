#include "common/signals.h"

#include <semaphore.h>

#include <atomic>

namespace common {
namespace {

// A signal handler reaches only variables of static life, and of the ways to wake a thread only
// sem_post is safe in it. A stop_source takes a lock, so it needs that thread.
sem_t signal_or_end;
std::atomic<bool> is_ending;

void on_signal(int) { sem_post(&signal_or_end); }

void wait_for_signal(std::stop_source& source) {
  while (sem_wait(&signal_or_end) != 0) {
  }  // interrupted by another signal
  if (!is_ending) source.request_stop();
}

}  // namespace

StopSignals::StopSignals(std::initializer_list<int> signals, Second second) {
  sem_init(&signal_or_end, /*shared between processes=*/0, 0);
  is_ending = false;
  waiter_ = std::thread([this] { wait_for_signal(source_); });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;  // threads that read and write files go on undisturbed
  if (second == Second::ends_the_process) action.sa_flags |= static_cast<int>(SA_RESETHAND);
  for (const int signal : signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;  // nohup
    sigaction(signal, &action, nullptr);
    before_.emplace_back(signal, before);
  }
}

StopSignals::~StopSignals() {
  for (const auto& [signal, action] : before_) sigaction(signal, &action, nullptr);
  is_ending = true;
  sem_post(&signal_or_end);
  waiter_.join();
  sem_destroy(&signal_or_end);
}

}  // namespace common

#include "comm/flight_recorder.h"

#include <chrono>

namespace comm {
namespace {

double steady_now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

int64_t FlightRecorder::enter(std::string kind, std::string what, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (records_.size() == kKept) records_.pop_front();
  records_.push_back({++num_entered_, std::move(kind), std::move(what), bytes, steady_now_s(), {}});
  return num_entered_;
}

void FlightRecorder::leave(int64_t sequence) {
  const std::lock_guard lock(mutex_);
  const int64_t oldest = num_entered_ - static_cast<int64_t>(records_.size()) + 1;
  if (sequence < oldest) return;  // more than kKept were entered meanwhile
  records_[static_cast<size_t>(sequence - oldest)].left_s = steady_now_s();
}

int64_t FlightRecorder::num_entered() const {
  const std::lock_guard lock(mutex_);
  return num_entered_;
}

std::vector<CollectiveRecord> FlightRecorder::newest() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

}  // namespace comm

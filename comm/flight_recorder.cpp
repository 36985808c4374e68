#include "comm/flight_recorder.h"

#include <fmt/format.h>

#include <utility>

#include "common/clock.h"

namespace comm {
namespace {

/// Records a collective from its beginning to its end. One that throws stays open: it never ended.
template <class Collective>
auto recorded(FlightRecorder& recorder, const char* kind, std::string what, int64_t bytes,
              const Collective& collective) {
  const int64_t sequence = recorder.enter(kind, std::move(what), bytes);
  if constexpr (std::is_void_v<decltype(collective())>) {
    collective();
    recorder.leave(sequence);
  } else {
    auto result = collective();
    recorder.leave(sequence);
    return result;
  }
}

std::string name_of(const at::Tensor& tensor) {
  return fmt::format("{} {}", tensor.numel(), c10::toString(tensor.scalar_type()));
}

int64_t bytes_of(const at::Tensor& tensor) { return tensor.numel() * tensor.element_size(); }

class RecordedBuffer : public AllReduceBuffer {
 public:
  RecordedBuffer(std::unique_ptr<AllReduceBuffer> buffer, std::string name,
                 FlightRecorder& recorder)
      : buffer_(std::move(buffer)), name_(std::move(name)), recorder_(recorder) {}

  at::Tensor& values() override { return buffer_->values(); }

  void begin_sum() override {
    sequence_ = recorder_.enter("all_reduce", name_, bytes_of(buffer_->values()));
    buffer_->begin_sum();
  }

  void end_sum() override {
    buffer_->end_sum();
    recorder_.leave(sequence_);
  }

 private:
  std::unique_ptr<AllReduceBuffer> buffer_;
  const std::string name_;
  FlightRecorder& recorder_;
  int64_t sequence_ = 0;
};

}  // namespace

int64_t FlightRecorder::enter(std::string kind, std::string what, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (records_.size() == kKept) records_.pop_front();
  records_.push_back(
      {++num_entered_, std::move(kind), std::move(what), bytes, common::steady_now_s(), {}});
  return num_entered_;
}

void FlightRecorder::leave(int64_t sequence) {
  const std::lock_guard lock(mutex_);
  const int64_t oldest = num_entered_ - static_cast<int64_t>(records_.size()) + 1;
  if (sequence < oldest) return;  // more than kKept were entered meanwhile
  records_[static_cast<size_t>(sequence - oldest)].left_s = common::steady_now_s();
}

int64_t FlightRecorder::num_entered() const {
  const std::lock_guard lock(mutex_);
  return num_entered_;
}

std::vector<CollectiveRecord> FlightRecorder::newest() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

void RecordedGroup::all_reduce_sum(at::Tensor& tensor) {
  recorded(recorder_, "all_reduce", name_of(tensor), bytes_of(tensor),
           [&] { beneath().all_reduce_sum(tensor); });
}

std::unique_ptr<AllReduceBuffer> RecordedGroup::make_all_reduce_buffer(int64_t count) {
  const std::string name = fmt::format("bucket {}", num_buffers_++);
  auto buffer = recorded(recorder_, "make_buffer", name, count * int64_t{sizeof(float)},
                         [&] { return beneath().make_all_reduce_buffer(count); });
  return std::make_unique<RecordedBuffer>(std::move(buffer), name, recorder_);
}

void RecordedGroup::broadcast(at::Tensor& tensor, int root) {
  recorded(recorder_, "broadcast", name_of(tensor), bytes_of(tensor),
           [&] { beneath().broadcast(tensor, root); });
}

std::vector<int64_t> RecordedGroup::all_gather(int64_t value) {
  return recorded(recorder_, "all_gather", "one number", sizeof value,
                  [&] { return beneath().all_gather(value); });
}

void RecordedGroup::barrier() {
  recorded(recorder_, "barrier", "", 0, [&] { beneath().barrier(); });
}

}  // namespace comm

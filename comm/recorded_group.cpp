#include "comm/recorded_group.h"

#include <fmt/format.h>

#include <utility>

namespace comm {
namespace {

/// A collective from its entering to its end. One that throws stays open in the log: it never
/// ended.
template <class Collective>
auto logged(FlightRecorder& log, const char* kind, std::string what, int64_t bytes,
            const Collective& collective) {
  const int64_t sequence = log.enter(kind, std::move(what), bytes);
  if constexpr (std::is_void_v<decltype(collective())>) {
    collective();
    log.leave(sequence);
  } else {
    auto result = collective();
    log.leave(sequence);
    return result;
  }
}

std::string name_of(const at::Tensor& tensor) {
  return fmt::format("{} {}", tensor.numel(), c10::toString(tensor.scalar_type()));
}

int64_t bytes_of(const at::Tensor& tensor) { return tensor.numel() * tensor.element_size(); }

class LoggedSumBuffer : public AllReduceBuffer {
 public:
  LoggedSumBuffer(std::unique_ptr<AllReduceBuffer> buffer, std::string name, FlightRecorder& log)
      : buffer_(std::move(buffer)), name_(std::move(name)), log_(log) {}

  at::Tensor& values() override { return buffer_->values(); }

  void begin_sum() override {
    sequence_ = log_.enter("all_reduce", name_, bytes_of(buffer_->values()));
    buffer_->begin_sum();
  }

  void end_sum() override {
    buffer_->end_sum();
    log_.leave(sequence_);
  }

 private:
  std::unique_ptr<AllReduceBuffer> buffer_;
  const std::string name_;
  FlightRecorder& log_;
  int64_t sequence_ = 0;
};

}  // namespace

void RecordedGroup::all_reduce_sum(at::Tensor& tensor) {
  logged(log_, "all_reduce", name_of(tensor), bytes_of(tensor),
         [&] { group_.all_reduce_sum(tensor); });
}

std::unique_ptr<AllReduceBuffer> RecordedGroup::make_sum_buffer(int64_t count) {
  const std::string name = fmt::format("bucket {}", num_buffers_++);
  auto buffer = logged(log_, "make_buffer", name, count * int64_t{sizeof(float)},
                       [&] { return group_.make_sum_buffer(count); });
  return std::make_unique<LoggedSumBuffer>(std::move(buffer), name, log_);
}

void RecordedGroup::broadcast(at::Tensor& tensor, int root) {
  logged(log_, "broadcast", name_of(tensor), bytes_of(tensor),
         [&] { group_.broadcast(tensor, root); });
}

std::vector<int64_t> RecordedGroup::all_gather(int64_t value) {
  return logged(log_, "all_gather", "one number", sizeof value,
                [&] { return group_.all_gather(value); });
}

void RecordedGroup::barrier() {
  logged(log_, "barrier", "", 0, [&] { group_.barrier(); });
}

}  // namespace comm

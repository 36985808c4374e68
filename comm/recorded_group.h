#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "comm/flight_recorder.h"
#include "comm/group.h"

namespace comm {

/// A group whose collectives, those of its sum buffers too, stand in a log. A buffer is named
/// "bucket i" in the order of making; its sum counts as entered at begin_sum.
class RecordedGroup : public Group {
 public:
  /// Both must outlive this group and its buffers.
  RecordedGroup(Group& group, FlightRecorder& log) : group_(group), log_(log) {}

  int rank() const override { return group_.rank(); }
  int size() const override { return group_.size(); }
  int local_rank() const override { return group_.local_rank(); }
  int local_size() const override { return group_.local_size(); }
  void all_reduce_sum(at::Tensor& tensor) override;
  std::unique_ptr<AllReduceBuffer> make_sum_buffer(int64_t count) override;
  void broadcast(at::Tensor& tensor, int root) override;
  std::vector<int64_t> all_gather(int64_t value) override;
  void barrier() override;
  [[noreturn]] void abort(int code) override {
    group_.abort(code);
    std::_Exit(code);  // not reached, which g++ does not see
  }

 private:
  Group& group_;
  FlightRecorder& log_;
  int num_buffers_ = 0;
};

}  // namespace comm

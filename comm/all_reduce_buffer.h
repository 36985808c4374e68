#pragma once

#include <cstdint>

#include "device/torch.h"

namespace comm {

/// Floats that every worker of a group has its own values of, in memory from which the group sums
/// them fastest. Made by Group::make_sum_buffer; ends before its group.
/// Collective: all workers make, sum and end their buffers in the same order.
class AllReduceBuffer {
 public:
  AllReduceBuffer() = default;
  virtual ~AllReduceBuffer() = default;
  AllReduceBuffer(const AllReduceBuffer&) = delete;
  AllReduceBuffer& operator=(const AllReduceBuffer&) = delete;

  /// This worker's values: [count] float32, zeros at first, on the device of the group's buffers.
  /// Valid as long as the buffer.
  virtual at::Tensor& values() = 0;

  /// The values are complete: lets a backend that works beside the computation start on them. From
  /// here to the return of end_sum they are neither read nor written. May be called from a thread
  /// other than the group's, such as that of backward.
  virtual void begin_sum() {}

  /// After begin_sum: replaces the values by their sum over workers, the same bits on every worker.
  /// In the order of the summation tree over ranks, in whatever way the workers are spread over
  /// machines; but a group that was opened for Reduction::fast may have an order of its own.
  /// Throws Error(comm).
  virtual void end_sum() = 0;

  void sum() {
    begin_sum();
    end_sum();
  }
};

/// Of a group of one worker.
class SingleAllReduceBuffer : public AllReduceBuffer {
 public:
  SingleAllReduceBuffer(int64_t count, at::Device device)
      : values_(at::zeros({count}, at::TensorOptions(device).dtype(at::kFloat))) {}
  at::Tensor& values() override { return values_; }
  void end_sum() override {}

 private:
  at::Tensor values_;
};

}  // namespace comm

#pragma once

#include "comm/group.h"

namespace comm {

class SingleAllReduceBuffer : public AllReduceBuffer {
 public:
  SingleAllReduceBuffer(int64_t count, at::Device device)
      : values_(at::zeros({count}, at::TensorOptions(device).dtype(at::kFloat))) {}
  at::Tensor& values() override { return values_; }
  void end_sum() override {}

 private:
  at::Tensor values_;
};

/// A job of one worker, whose buffers are on `device`.
class SingleGroup : public Group {
 public:
  explicit SingleGroup(at::Device device = at::kCPU) : device_(device) {}
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int local_rank() const override { return 0; }
  int local_size() const override { return 1; }
  void all_reduce_sum(at::Tensor&) override {}
  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return std::make_unique<SingleAllReduceBuffer>(count, device_);
  }
  void broadcast(at::Tensor&, int) override {}
  std::vector<int64_t> all_gather(int64_t value) override { return {value}; }
  void barrier() override {}
  [[noreturn]] void abort(int code) override { std::_Exit(code); }

 private:
  const at::Device device_;
};

}  // namespace comm

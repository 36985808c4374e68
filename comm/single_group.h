#pragma once

#include <cstdlib>

#include "comm/group.h"

namespace comm {

/// A job of one worker, whose sum buffers are on `device`.
class SingleGroup : public Group {
 public:
  explicit SingleGroup(at::Device device = at::kCPU) : device_(device) {}
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int local_rank() const override { return 0; }
  int local_size() const override { return 1; }
  void all_reduce_sum(at::Tensor&) override {}
  std::unique_ptr<AllReduceBuffer> make_sum_buffer(int64_t count) override {
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

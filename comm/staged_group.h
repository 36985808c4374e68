#pragma once

#include <cstdlib>
#include <memory>

#include "comm/group.h"
#include "device/gpu.h"
#include "device/torch.h"

namespace comm {

/// A group whose tensors and sum buffers are on a device, while what lies beneath takes the CPU's:
/// everything goes through the CPU's memory. Several workers may share one device, which NCCL
/// refuses.
class StagedGroup : public Group {
 public:
  /// `gpu` locks the pages of the buffers on the way; without it, copies are slower.
  StagedGroup(std::unique_ptr<Group> beneath, at::Device device, device::Gpu* gpu);

  int rank() const override { return beneath_->rank(); }
  int size() const override { return beneath_->size(); }
  int local_rank() const override { return beneath_->local_rank(); }
  int local_size() const override { return beneath_->local_size(); }
  void all_reduce_sum(at::Tensor& tensor) override;
  std::unique_ptr<AllReduceBuffer> make_sum_buffer(int64_t count) override;
  void broadcast(at::Tensor& tensor, int root) override;
  std::vector<int64_t> all_gather(int64_t value) override { return beneath_->all_gather(value); }
  void barrier() override { beneath_->barrier(); }
  [[noreturn]] void abort(int code) override {
    beneath_->abort(code);
    std::_Exit(code);  // not reached, which g++ does not see
  }

 private:
  const std::unique_ptr<Group> beneath_;
  const at::Device device_;
  device::Gpu* const gpu_;
};

}  // namespace comm

#include "comm/staged_group.h"

#include <utility>

#include "device/torch.h"

namespace comm {
namespace {

class StagedSumBuffer : public AllReduceBuffer {
 public:
  StagedSumBuffer(std::unique_ptr<AllReduceBuffer> beneath, at::Device device, device::Gpu* gpu)
      : beneath_(std::move(beneath)), values_(at::zeros_like(beneath_->values(), device)) {
    at::Tensor& staged = beneath_->values();
    if (gpu != nullptr) pages_ = gpu->pin(staged.mutable_data_ptr(), staged.nbytes());
  }

  at::Tensor& values() override { return values_; }

  // Nothing begins early: beneath, only the group's own thread may sum.
  void end_sum() override {
    beneath_->values().copy_(values_);
    beneath_->sum();
    values_.copy_(beneath_->values());
  }

 private:
  const std::unique_ptr<AllReduceBuffer> beneath_;
  at::Tensor values_;
  std::unique_ptr<device::PinnedPages> pages_;  // of beneath_: unlocked before that goes
};

}  // namespace

StagedGroup::StagedGroup(std::unique_ptr<Group> beneath, at::Device device, device::Gpu* gpu)
    : beneath_(std::move(beneath)), device_(device), gpu_(gpu) {}

void StagedGroup::all_reduce_sum(at::Tensor& tensor) {
  at::Tensor staged = tensor.cpu();
  beneath_->all_reduce_sum(staged);
  if (!tensor.is_cpu()) tensor.copy_(staged);
}

std::unique_ptr<AllReduceBuffer> StagedGroup::make_sum_buffer(int64_t count) {
  return std::make_unique<StagedSumBuffer>(beneath_->make_sum_buffer(count), device_, gpu_);
}

void StagedGroup::broadcast(at::Tensor& tensor, int root) {
  at::Tensor staged = tensor.cpu();
  beneath_->broadcast(staged, root);
  if (!tensor.is_cpu()) tensor.copy_(staged);
}

}  // namespace comm

#include "comm/device_group.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "comm/group.h"

namespace comm {
namespace {

class StagedBuffer : public AllReduceBuffer {
 public:
  StagedBuffer(std::unique_ptr<AllReduceBuffer> beneath, at::Device device, device::Gpu* gpu)
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

/// As the GPU module exports it (nccl_group.cpp).
using OpenNcclGroup = Group*(Group* beneath, c10::DeviceIndex gpu, Reduction reduction);

std::unique_ptr<Group> over_nccl(std::unique_ptr<Group> beneath, const CommConfig& config,
                                 const device::ChosenDevice& chosen) {
  auto* const open = chosen.module->function<OpenNcclGroup>("restore_open_nccl_group");
  return std::unique_ptr<Group>(
      open(beneath.release(), chosen.device.index(), config.order_of_sums()));
}

bool workers_share_gpus(Group& group, const device::ChosenDevice& chosen) {
  return group.max(group.local_size() > chosen.num_gpus ? 1 : 0) > 0;
}

}  // namespace

void StagedGroup::all_reduce_sum(at::Tensor& tensor) {
  at::Tensor staged = tensor.cpu();
  beneath().all_reduce_sum(staged);
  if (!tensor.is_cpu()) tensor.copy_(staged);
}

std::unique_ptr<AllReduceBuffer> StagedGroup::make_all_reduce_buffer(int64_t count) {
  return std::make_unique<StagedBuffer>(beneath().make_all_reduce_buffer(count), device_, gpu_);
}

void StagedGroup::broadcast(at::Tensor& tensor, int root) {
  at::Tensor staged = tensor.cpu();
  beneath().broadcast(staged, root);
  if (!tensor.is_cpu()) tensor.copy_(staged);
}

std::unique_ptr<Group> for_device(std::unique_ptr<Group> group, const CommConfig& config,
                                  const device::ChosenDevice& chosen) {
  group->require_equal(static_cast<uint64_t>(chosen.device.type()), "the kind of device",
                       "let all workers use cpu, or give each machine a working GPU");
  if (chosen.device.is_cpu()) {
    if (config.backend != "nccl") return group;
    throw common::config_error(
        "comm.backend is nccl, which sums on GPUs, but run.device is the CPU; use "
        "comm.backend=auto or run.device=cuda");
  }
  const bool share = workers_share_gpus(*group, chosen);
  if (config.backend == "nccl" && share) {
    throw common::config_error(
        fmt::format("comm.backend is nccl, which needs a GPU for each worker, but {} "
                    "workers share this machine's {} GPU(s); start fewer workers or use "
                    "comm.backend=mpi",
                    group->local_size(), chosen.num_gpus));
  }
  const bool alone = group->size() == 1;
  if (config.backend == "nccl" || (config.backend == "auto" && !alone && !share)) {
    return over_nccl(std::move(group), config, chosen);
  }
  if (!alone && share && group->rank() == 0) {
    spdlog::warn("{} workers share {} GPU(s): gradients go through the CPU's memory, not over NCCL",
                 group->local_size(), chosen.num_gpus);
  }
  if (alone && config.backend != "mpi") return std::make_unique<SingleGroup>(chosen.device);
  return std::make_unique<StagedGroup>(std::move(group), chosen.device, &chosen.module->gpu());
}

}  // namespace comm

#pragma once

#include <memory>

#include "comm/group.h"
#include "device/choose_device.h"

namespace comm {

/// A group for tensors on a device over a group for the CPU's: everything is copied through the
/// CPU's memory. Several workers may share one device, which NCCL refuses.
class StagedGroup : public ForwardingGroup {
 public:
  /// `gpu` locks the pages of the buffers in the CPU's memory; without it (null) copies are slower.
  StagedGroup(std::unique_ptr<Group> beneath, at::Device device, device::Gpu* gpu)
      : ForwardingGroup(std::move(beneath)), device_(device), gpu_(gpu) {}

  void all_reduce_sum(at::Tensor& tensor) override;
  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override;
  void broadcast(at::Tensor& tensor, int root) override;

 private:
  const at::Device device_;
  device::Gpu* const gpu_;
};

/// A group for tensors of the chosen device, made of one for the CPU's (open_group). On a GPU: over
/// NCCL if `backend` asks for it or, for `auto`, if every worker has a GPU of its own; else staged
/// through the CPU's memory.
/// Collective. Throws Error(config) if the workers chose devices of different kinds, or nccl on the
/// CPU or for workers that share a GPU; Error(comm).
std::unique_ptr<Group> for_device(std::unique_ptr<Group> group, const CommConfig& config,
                                  const device::ChosenDevice& chosen);

}  // namespace comm

#pragma once

#include <memory>

#include "comm/comm_config.h"
#include "comm/group.h"
#include "device/choose_device.h"

namespace comm {

/// A group for tensors of the chosen device, made of one for the CPU's (open_group): on a GPU, NCCL
/// if `backend` asks for it or, for `auto`, if every worker has a GPU of its own; else over `mpi`,
/// staged through the CPU's memory.
/// Collective. Throws Error(config) if the workers chose devices of different kinds, or nccl on the
/// CPU or for workers that share a GPU; Error(comm).
std::unique_ptr<Group> for_device(std::unique_ptr<Group> group, const CommConfig& config,
                                  const device::ChosenDevice& chosen);

}  // namespace comm

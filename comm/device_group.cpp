#include "comm/device_group.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "comm/single_group.h"
#include "comm/staged_group.h"
#include "common/error.h"

namespace comm {
namespace {

using common::Error;
using common::ErrorKind;

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

std::unique_ptr<Group> for_device(std::unique_ptr<Group> group, const CommConfig& config,
                                  const device::ChosenDevice& chosen) {
  group->require_equal(static_cast<uint64_t>(chosen.device.type()), "the kind of device",
                       "let all workers use cpu, or give each machine a working GPU");
  if (chosen.device.is_cpu()) {
    if (config.backend != "nccl") return group;
    throw Error(ErrorKind::config,
                "comm.backend is nccl, which sums on GPUs, but run.device is "
                "the CPU; use comm.backend=auto or run.device=cuda");
  }
  const bool share = workers_share_gpus(*group, chosen);
  if (config.backend == "nccl" && share) {
    throw Error(ErrorKind::config, "comm.backend is nccl, which needs a GPU for each worker, but " +
                                       std::to_string(group->local_size()) +
                                       " workers share this machine's " +
                                       std::to_string(chosen.num_gpus) +
                                       " GPU(s); start fewer workers or use comm.backend=mpi");
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

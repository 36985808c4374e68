// Part of the GPU module.
#include "comm/nccl_communicator.h"

#include <c10/cuda/CUDAGuard.h>

#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include "common/error.h"

namespace comm {
namespace {

using common::Error;

constexpr auto kPoll = std::chrono::microseconds(100);

/// Rank 0's id, on every worker.
ncclUniqueId shared_id(Group& group) {
  ncclUniqueId id{};
  if (group.rank() == 0) {
    const ncclResult_t result = ncclGetUniqueId(&id);
    if (result != ncclSuccess) {
      throw common::comm_error(
          std::string("ncclGetUniqueId failed: ") + ncclGetErrorString(result) +
          "; NCCL_DEBUG=INFO says more, NCCL_SOCKET_IFNAME names the network to use");
    }
  }
  const std::string bytes =
      group.broadcast_from_rank_0(std::string(id.internal, sizeof id.internal));
  std::copy(bytes.begin(), bytes.end(), id.internal);
  return id;
}

}  // namespace

NcclCommunicator::NcclCommunicator(Group& group, at::Device device)
    : device_(device),
      stream_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, device.index())) {
  const c10::cuda::CUDAGuard guard(device);
  const ncclUniqueId id = shared_id(group);
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  settle(ncclCommInitRankConfig(&comm_, group.size(), id, group.rank(), &config),
         "ncclCommInitRankConfig");
}

NcclCommunicator::~NcclCommunicator() {
  if (comm_ == nullptr) return;
  if (std::uncaught_exceptions() > 0) {
    ncclCommAbort(comm_);
    return;
  }
  try {
    settle(ncclCommFinalize(comm_), "ncclCommFinalize");
    ncclCommDestroy(comm_);
  } catch (const Error&) {
    // Aborted already. The job's work is done, so the error changes nothing.
  }
}

void NcclCommunicator::settle(ncclResult_t result, const char* call) {
  while (result == ncclInProgress) {
    std::this_thread::sleep_for(kPoll);
    const ncclResult_t asked = ncclCommGetAsyncError(comm_, &result);
    if (asked != ncclSuccess) fail(asked, call);
  }
  if (result != ncclSuccess) fail(result, call);
}

void NcclCommunicator::require_health() {
  ncclResult_t result = ncclSuccess;
  const ncclResult_t asked = ncclCommGetAsyncError(comm_, &result);
  if (asked != ncclSuccess) fail(asked, "ncclCommGetAsyncError");
  if (result != ncclSuccess && result != ncclInProgress) fail(result, "a sum of gradients");
}

void NcclCommunicator::fail(ncclResult_t result, const std::string& call) {
  const char* last = comm_ == nullptr ? nullptr : ncclGetLastError(comm_);
  const std::string detail = last == nullptr || *last == '\0' ? "" : std::string(" (") + last + ")";
  if (ncclComm_t lost = std::exchange(comm_, nullptr)) ncclCommAbort(lost);
  throw common::comm_error(
      call + " failed: " + ncclGetErrorString(result) + detail +
      "; another worker may have died: see its message. NCCL_DEBUG=INFO says more; "
      "workers that share a GPU need comm.backend=mpi");
}

ncclDataType_t nccl_type(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return ncclFloat32;
    case at::kDouble: return ncclFloat64;
    case at::kLong: return ncclInt64;
    default:
      throw common::internal_error(
          std::string("collectives take float32, float64 and int64, got ") +
          c10::toString(tensor.scalar_type()));
  }
}

}  // namespace comm

#pragma once

#include <c10/cuda/CUDAStream.h>
#include <nccl.h>

#include <string>

#include "comm/group.h"
#include "device/torch.h"

namespace comm {

/// NCCL's communicator over all workers of a group, each with a GPU of its own, and the stream it
/// works on. It does not block: it polls NCCL, so that the error of another worker is seen.
class NcclCommunicator {
 public:
  /// Collective over `group`, which sends NCCL's id to all workers.
  /// Throws Error(comm), also where two workers have the same GPU.
  NcclCommunicator(Group& group, at::Device device);

  /// Ends it together with the other workers; while an exception unwinds, aborts.
  ~NcclCommunicator();
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  ncclComm_t get() const { return comm_; }
  at::Device device() const { return device_; }
  const c10::cuda::CUDAStream& stream() const { return stream_; }

  /// Call it with the result of every NCCL call: returns when NCCL has started the operation.
  /// Throws Error(comm) if that failed, after aborting the communicator.
  void settle(ncclResult_t result, const char* call);

  /// Throws Error(comm) if an operation has failed since it was started.
  void require_health();

 private:
  [[noreturn]] void fail(ncclResult_t result, const std::string& call);

  const at::Device device_;
  const c10::cuda::CUDAStream stream_;
  ncclComm_t comm_ = nullptr;
};

/// The NCCL type of a tensor's elements. Throws Error(internal) for others than float32,
/// float64, int64.
ncclDataType_t nccl_type(const at::Tensor& tensor);

}  // namespace comm

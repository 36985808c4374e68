#pragma once

#include <c10/cuda/CUDAStream.h>
#include <nccl.h>

#include <string>

#include "comm/group.h"
#include "device/torch.h"

namespace comm {

/// NCCL's communicator over all workers of a group, a GPU each, and the stream it works on. It does
/// not block: what NCCL has begun is polled, so that the error of another worker is seen.
class NcclCommunicator {
 public:
  /// Collective over `group`, which tells all workers NCCL's id.
  /// Throws Error(comm), also where two workers have the same GPU.
  NcclCommunicator(Group& group, at::Device device);

  /// Ends it with the others; while an exception unwinds, gives up on them.
  ~NcclCommunicator();
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  ncclComm_t get() const { return comm_; }
  at::Device device() const { return device_; }
  const c10::cuda::CUDAStream& stream() const { return stream_; }

  /// To be called with the result of every NCCL call: returns when NCCL has taken it up.
  /// Throws Error(comm) if it failed, after giving up on the communicator.
  void settle(ncclResult_t result, const char* call);

  /// Throws Error(comm) if something that was begun has failed since.
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

#pragma once

#include <cstdint>

#include "comm/all_reduce_buffer.h"
#include "comm/comm_config.h"
#include "comm/nccl_communicator.h"
#include "device/torch.h"

namespace comm {

/// Sums over NCCL, beside the computation: on the communicator's stream, from begin_sum on.
/// `fast`: NCCL's all-reduce, in the order that it likes best. `tree`: slices are exchanged, each
/// worker sums one in the order of the summation tree over ranks, and they are gathered; a worker
/// sends and receives what a ring would, 2 (n-1)/n of the values.
class NcclAllReduceBuffer : public AllReduceBuffer {
 public:
  /// `communicator` must outlive it. [count] float32 on the communicator's device.
  NcclAllReduceBuffer(NcclCommunicator& communicator, int size, int64_t count, Reduction reduction);

  at::Tensor& values() override { return values_; }

  /// On whichever thread backward runs, with the stream current on which the values were computed.
  void begin_sum() override;

  /// Waits for the device, since a worker that has died shows only so.
  void end_sum() override;

 private:
  void exchange_slices();
  void sum_rows(int64_t first, int64_t count);
  void gather_slices();

  NcclCommunicator& communicator_;
  const int size_;
  const Reduction reduction_;
  at::Tensor padded_;    // whole slices
  at::Tensor values_;    // of padded_
  at::Tensor received_;  // [size, slice]: this worker's slice of everybody's values; for `tree`
  c10::Event complete_, done_;
};

}  // namespace comm

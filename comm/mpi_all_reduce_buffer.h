#pragma once

#include <cstdint>
#include <vector>

#include "comm/shared_window.h"
#include "comm/all_reduce_buffer.h"
#include "comm/node_groups.h"

namespace comm {

/// Sums over MPI. Within a block of workers the values lie in a shared window, and each worker sums
/// its slice of all of them in place: no copy, no other memory. Between blocks, the slices are
/// exchanged in pieces, summed and gathered: of b blocks, a worker sends 2 (b-1)/b of its slice.
class MpiAllReduceBuffer : public AllReduceBuffer {
 public:
  /// 16 MiB: where workers keep all cores busy, a message over TCP waits for the kernel's turn, and
  /// at 1 MiB such waits took most of the time.
  static constexpr int64_t kMessage_floats = int64_t{1} << 22;

  /// Collective over all workers of `blocks`, which must outlive it. `message_floats` are sent to
  /// each block at a time, at most INT_MAX. Throws Error(comm).
  MpiAllReduceBuffer(const NodeGroups& blocks, int64_t count, int64_t message_floats = kMessage_floats);

  at::Tensor& values() override { return values_; }
  void end_sum() override;

 private:
  void sum_across_blocks(float* slice);
  void sum_piece_across_blocks(float* piece, int64_t count_a_block);

  const NodeGroups& blocks_;
  const int64_t message_floats_;
  const int64_t num_blocks_;
  const int64_t slice_count_;    // floats that one worker of a block sums
  SharedWindow window_;          // each worker's values, padded to whole slices
  std::vector<float*> slices_;   // this worker's slice of each of them
  std::vector<float> received_;  // of a piece, from each block
  at::Tensor values_;            // this worker's part of the window, without the padding
};

}  // namespace comm

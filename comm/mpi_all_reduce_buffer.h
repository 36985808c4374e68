#pragma once

#include <cstdint>
#include <vector>

#include "comm/communicator.h"
#include "comm/group.h"
#include "comm/shared_window.h"

namespace comm {

/// Workers cut into equal groups of consecutive ranks; those of a group share a node's memory.
class NodeGroups {
 public:
  /// The largest groups whose sums are whole subtrees of the summation tree over all workers: all
  /// of them if they are on one machine, else a power of two. `machines[rank]` tells machines
  /// apart.
  static int largest_size(const std::vector<int64_t>& machines);

  /// Collective over `workers`; `size` divides their number.
  NodeGroups(MPI_Comm workers, int size);

  const Communicator& own() const { return own_; }        ///< this worker's group
  const Communicator& across() const { return across_; }  ///< the workers at this place in theirs

 private:
  Communicator own_, across_;
};

/// Sums over MPI. Within a node group the values lie in a shared window, and each worker sums its
/// slice of all of them in place: no copy, no other memory. Between groups, the slices are
/// exchanged in pieces, summed and gathered: of g groups, a worker sends 2 (g-1)/g of its slice.
class MpiAllReduceBuffer : public AllReduceBuffer {
 public:
  /// 16 MiB: where workers keep all cores busy, a message over TCP waits for the kernel's turn, and
  /// at 1 MiB such waits took most of the time.
  static constexpr int64_t kMessage_floats = int64_t{1} << 22;

  /// Collective over all workers of `groups`, which must outlive it. `message_floats` are sent to
  /// each group at a time, at most INT_MAX. Throws Error(comm).
  MpiAllReduceBuffer(const NodeGroups& groups, int64_t count,
                     int64_t message_floats = kMessage_floats);

  at::Tensor& values() override { return values_; }
  void end_sum() override;

 private:
  void sum_across_groups(float* slice);
  void sum_piece_across_groups(float* piece, int64_t count_a_group);

  const NodeGroups& groups_;
  const int64_t message_floats_;
  const int64_t num_groups_;
  const int64_t slice_count_;    // floats that one worker of a group sums
  SharedWindow window_;          // each worker's values, padded to whole slices
  std::vector<float*> slices_;   // this worker's slice of each of them
  std::vector<float> received_;  // of a piece, from each group
  at::Tensor values_;            // this worker's part of the window, without the padding
};

}  // namespace comm

#pragma once

#include <cstdint>
#include <vector>

#include "comm/communicator.h"

namespace comm {

/// Workers cut into equal blocks of consecutive ranks; those of a block share memory.
class NodeGroups {
 public:
  /// The largest blocks whose sums are whole subtrees of the summation tree over all workers: all
  /// of them if they are on one machine, else a power of two. `machines[rank]` tells machines
  /// apart.
  static int largest_size(const std::vector<int64_t>& machines);

  /// Collective over `workers`; `size` divides their number.
  NodeGroups(MPI_Comm workers, int size);

  const Communicator& block() const { return block_; }    ///< this worker's block
  const Communicator& across() const { return across_; }  ///< the workers at this place in theirs

 private:
  Communicator block_, across_;
};

}  // namespace comm

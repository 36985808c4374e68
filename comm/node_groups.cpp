#include "comm/node_groups.h"

namespace comm {
namespace {

int rank_in(MPI_Comm workers) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(workers, &rank), "MPI_Comm_rank");
  return rank;
}

bool blocks_share_machines(const std::vector<int64_t>& machines, size_t size) {
  for (size_t rank = 0; rank < machines.size(); ++rank) {
    if (machines[rank] != machines[rank - rank % size]) return false;
  }
  return true;
}

}  // namespace

int NodeGroups::largest_size(const std::vector<int64_t>& machines) {
  const size_t all = machines.size();
  if (blocks_share_machines(machines, all)) return static_cast<int>(all);
  size_t size = 1;
  while (all % (2 * size) == 0 && blocks_share_machines(machines, 2 * size)) size *= 2;
  return static_cast<int>(size);
}

NodeGroups::NodeGroups(MPI_Comm workers, int size)
    : block_(Communicator::of_color(workers, rank_in(workers) / size)),
      across_(Communicator::of_color(workers, rank_in(workers) % size)) {}

}  // namespace comm

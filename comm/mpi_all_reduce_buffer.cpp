#include "comm/mpi_all_reduce_buffer.h"

#include <algorithm>

#include "comm/summation_tree.h"

namespace comm {
namespace {

constexpr int64_t kCacheLine_floats = 16;

/// Threads are worth waking for this much.
constexpr int64_t kThread_floats = int64_t{1} << 16;

int rank_in(MPI_Comm workers) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(workers, &rank), "MPI_Comm_rank");
  return rank;
}

bool groups_share_machines(const std::vector<int64_t>& machines, size_t size) {
  for (size_t rank = 0; rank < machines.size(); ++rank) {
    if (machines[rank] != machines[rank - rank % size]) return false;
  }
  return true;
}

/// Slices begin at cache lines and divide evenly between groups, so that there are no tails.
int64_t slice_count_of(int64_t count, int64_t group_size, int64_t num_groups) {
  const int64_t unit = kCacheLine_floats * num_groups;
  const int64_t units = (count + unit * group_size - 1) / (unit * group_size);
  return std::max<int64_t>(units, 1) * unit;
}

/// The parts from float `first` on.
std::vector<float*> parts_from(std::span<float* const> parts, int64_t first) {
  std::vector<float*> shifted;
  for (float* const part : parts) shifted.push_back(part + first);
  return shifted;
}

/// Calls a function of summation_tree.h on shares of the parts, a thread each.
template <class Operation>
void in_threads(const std::vector<float*>& parts, int64_t count, const Operation& operation) {
  at::parallel_for(0, count, kThread_floats, [&](int64_t begin, int64_t end) {
    operation(parts_from(parts, begin), end - begin);
  });
}

}  // namespace

int NodeGroups::largest_size(const std::vector<int64_t>& machines) {
  const size_t all = machines.size();
  if (groups_share_machines(machines, all)) return static_cast<int>(all);
  size_t size = 1;
  while (all % (2 * size) == 0 && groups_share_machines(machines, 2 * size)) size *= 2;
  return static_cast<int>(size);
}

NodeGroups::NodeGroups(MPI_Comm workers, int size)
    : own_(Communicator::of_color(workers, rank_in(workers) / size)),
      across_(Communicator::of_color(workers, rank_in(workers) % size)) {}

MpiAllReduceBuffer::MpiAllReduceBuffer(const NodeGroups& groups, int64_t count,
                                       int64_t message_floats)
    : groups_(groups),
      message_floats_(message_floats),
      num_groups_(groups.across().size()),
      slice_count_(slice_count_of(count, groups.own().size(), num_groups_)),
      window_(groups.own().get(), slice_count_ * groups.own().size()),
      slices_(parts_from(window_.parts(), slice_count_ * groups.own().rank())) {
  float* const own = window_.parts()[static_cast<size_t>(groups.own().rank())];
  // The first touch places the pages near this worker.
  std::fill_n(own, slice_count_ * groups.own().size(), 0.0F);
  values_ = at::from_blob(own, {count}, at::kFloat);
}

void MpiAllReduceBuffer::end_sum() {
  window_.synchronise();
  if (num_groups_ == 1) {
    in_threads(slices_, slice_count_, sum_to_all);
  } else {
    in_threads(slices_, slice_count_, sum_to_first);
    sum_across_groups(slices_[0]);
    in_threads(slices_, slice_count_, copy_first_to_others);
  }
  window_.synchronise();
}

void MpiAllReduceBuffer::sum_across_groups(float* slice) {
  received_.resize(static_cast<size_t>(std::min(slice_count_, message_floats_ * num_groups_)));
  for (int64_t first = 0; first < slice_count_;) {
    const int64_t share = std::min(message_floats_, (slice_count_ - first) / num_groups_);
    sum_piece_across_groups(slice + first, share);
    first += share * num_groups_;
  }
}

void MpiAllReduceBuffer::sum_piece_across_groups(float* piece, int64_t count_a_group) {
  const auto count = static_cast<int>(count_a_group);
  const MPI_Comm across = groups_.across().get();
  check_mpi(MPI_Alltoall(piece, count, MPI_FLOAT, received_.data(), count, MPI_FLOAT, across),
            "MPI_Alltoall");
  std::vector<float*> parts;
  for (int64_t g = 0; g < num_groups_; ++g) parts.push_back(received_.data() + g * count_a_group);
  in_threads(parts, count_a_group, sum_to_first);
  std::copy_n(parts[0], count_a_group, piece + count_a_group * groups_.across().rank());
  check_mpi(MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, piece, count, MPI_FLOAT, across),
            "MPI_Allgather");
}

}  // namespace comm

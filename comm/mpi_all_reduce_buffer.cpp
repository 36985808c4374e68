#include "comm/mpi_all_reduce_buffer.h"

#include <algorithm>

#include "comm/summation_tree.h"
#include "device/torch.h"

namespace comm {
namespace {

constexpr int64_t kCacheLine_floats = 16;

/// Threads are worth waking for this much.
constexpr int64_t kThread_floats = int64_t{1} << 16;

/// Slices begin at cache lines and divide evenly between blocks, so that there are no tails.
int64_t slice_count_of(int64_t count, int64_t block_size, int64_t num_blocks) {
  const int64_t unit = kCacheLine_floats * num_blocks;
  const int64_t units = (count + unit * block_size - 1) / (unit * block_size);
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

MpiAllReduceBuffer::MpiAllReduceBuffer(const NodeGroups& blocks, int64_t count,
                                       int64_t message_floats)
    : blocks_(blocks),
      message_floats_(message_floats),
      num_blocks_(blocks.across().size()),
      slice_count_(slice_count_of(count, blocks.block().size(), num_blocks_)),
      window_(blocks.block().get(), slice_count_ * blocks.block().size()),
      slices_(parts_from(window_.parts(), slice_count_ * blocks.block().rank())) {
  const int64_t padded = slice_count_ * blocks.block().size();
  float* const own = window_.parts()[static_cast<size_t>(blocks.block().rank())];
  std::fill_n(own, padded, 0.0F);  // the first touch places the pages near this worker
  values_ = at::from_blob(own, {count}, at::kFloat);
}

void MpiAllReduceBuffer::end_sum() {
  window_.synchronise();
  if (num_blocks_ == 1) {
    in_threads(slices_, slice_count_, sum_to_all);
  } else {
    in_threads(slices_, slice_count_, sum_to_first);
    sum_across_blocks(slices_[0]);
    in_threads(slices_, slice_count_, copy_first_to_others);
  }
  window_.synchronise();
}

void MpiAllReduceBuffer::sum_across_blocks(float* slice) {
  received_.resize(static_cast<size_t>(std::min(slice_count_, message_floats_ * num_blocks_)));
  for (int64_t first = 0; first < slice_count_;) {
    const int64_t share = std::min(message_floats_, (slice_count_ - first) / num_blocks_);
    sum_piece_across_blocks(slice + first, share);
    first += share * num_blocks_;
  }
}

void MpiAllReduceBuffer::sum_piece_across_blocks(float* piece, int64_t count_a_block) {
  const auto count = static_cast<int>(count_a_block);
  const MPI_Comm across = blocks_.across().get();
  check_mpi(MPI_Alltoall(piece, count, MPI_FLOAT, received_.data(), count, MPI_FLOAT, across),
            "MPI_Alltoall");
  std::vector<float*> parts;
  for (int64_t b = 0; b < num_blocks_; ++b) parts.push_back(received_.data() + b * count_a_block);
  in_threads(parts, count_a_block, sum_to_first);
  std::copy_n(parts[0], count_a_block, piece + count_a_block * blocks_.across().rank());
  check_mpi(MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, piece, count, MPI_FLOAT, across),
            "MPI_Allgather");
}

}  // namespace comm

// Part of the GPU module.
#include "comm/nccl_all_reduce_buffer.h"

#include <c10/cuda/CUDAGuard.h>

#include <thread>

#include "comm/summation_tree.h"
#include "device/torch.h"

namespace comm {
namespace {

/// NCCL moves aligned memory faster.
constexpr int64_t kAligned_floats = 32;

int64_t slice_count_of(int64_t count, int64_t num_slices) {
  const int64_t unit = kAligned_floats * num_slices;
  return (count + unit - 1) / unit * kAligned_floats;
}

}  // namespace

NcclAllReduceBuffer::NcclAllReduceBuffer(NcclCommunicator& communicator, int size, int64_t count,
                                         Reduction reduction)
    : communicator_(communicator),
      size_(size),
      reduction_(reduction),
      complete_(c10::DeviceType::CUDA),
      done_(c10::DeviceType::CUDA) {
  const auto options = at::TensorOptions(communicator.device()).dtype(at::kFloat);
  const int64_t slice = slice_count_of(count, size);
  padded_ = at::zeros({slice * size}, options);
  values_ = padded_.narrow(0, 0, count);
  if (reduction == Reduction::tree) received_ = at::empty({size, slice}, options);
}

void NcclAllReduceBuffer::begin_sum() {
  const at::NoGradGuard no_grad;
  const c10::cuda::CUDAStream compute =
      c10::cuda::getCurrentCUDAStream(communicator_.device().index());
  complete_.record(compute);
  complete_.block(communicator_.stream());
  const c10::cuda::CUDAStreamGuard guard(communicator_.stream());
  if (reduction_ == Reduction::tree) {
    exchange_slices();
    sum_rows(0, size_);
    gather_slices();
  } else {
    auto* const floats = values_.mutable_data_ptr<float>();
    communicator_.settle(
        ncclAllReduce(floats, floats, static_cast<size_t>(values_.numel()), ncclFloat32, ncclSum,
                      communicator_.get(), communicator_.stream().stream()),
        "ncclAllReduce");
  }
  done_.record(communicator_.stream());
}

void NcclAllReduceBuffer::end_sum() {
  while (!done_.query()) {
    communicator_.require_health();
    std::this_thread::yield();
  }
  done_.block(c10::cuda::getCurrentCUDAStream(communicator_.device().index()));
}

void NcclAllReduceBuffer::exchange_slices() {
  const auto slice = static_cast<size_t>(received_.size(1));
  const cudaStream_t stream = communicator_.stream().stream();
  const ncclComm_t comm = communicator_.get();
  auto* const sent = padded_.mutable_data_ptr<float>();
  auto* const received = received_.mutable_data_ptr<float>();
  communicator_.settle(ncclGroupStart(), "ncclGroupStart");
  for (int peer = 0; peer < size_; ++peer) {
    const size_t offset = slice * static_cast<size_t>(peer);
    communicator_.settle(ncclSend(sent + offset, slice, ncclFloat32, peer, comm, stream),
                         "ncclSend");
    communicator_.settle(ncclRecv(received + offset, slice, ncclFloat32, peer, comm, stream),
                         "ncclRecv");
  }
  communicator_.settle(ncclGroupEnd(), "ncclGroupEnd");
}

/// Row `first` of received_ becomes the sum of `count` rows in the tree's order.
void NcclAllReduceBuffer::sum_rows(int64_t first, int64_t count) {
  if (count < 2) return;
  const int64_t left = num_left_leaves(count);
  sum_rows(first, left);
  sum_rows(first + left, count - left);
  received_[first].add_(received_[first + left]);
}

void NcclAllReduceBuffer::gather_slices() {
  const auto slice = static_cast<size_t>(received_.size(1));
  communicator_.settle(
      ncclAllGather(received_.const_data_ptr<float>(), padded_.mutable_data_ptr<float>(), slice,
                    ncclFloat32, communicator_.get(), communicator_.stream().stream()),
      "ncclAllGather");
}

}  // namespace comm

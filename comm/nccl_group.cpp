// Part of the GPU module.
#include <c10/cuda/CUDAGuard.h>

#include <memory>
#include <thread>
#include <utility>

#include "comm/group.h"
#include "comm/nccl_communicator.h"
#include "comm/summation_tree.h"

namespace comm {
namespace {

/// NCCL moves aligned memory faster.
constexpr int64_t kAligned_floats = 32;

int64_t slice_count_of(int64_t count, int64_t num_slices) {
  const int64_t unit = kAligned_floats * num_slices;
  return (count + unit - 1) / unit * kAligned_floats;
}

/// Sums over NCCL, beside the computation: on the communicator's stream, from begin_sum on.
/// `fast`: NCCL's all-reduce, in the order that it likes best. `tree`: slices are exchanged, each
/// worker sums one in the order of the summation tree over ranks, and they are gathered; a worker
/// sends and receives what a ring would, 2 (n-1)/n of the values.
class NcclAllReduceBuffer : public AllReduceBuffer {
 public:
  /// `communicator` must outlive it. [count] float32 on the communicator's device.
  NcclAllReduceBuffer(NcclCommunicator& communicator, int size, int64_t count, Reduction reduction)
      : communicator_(communicator), size_(size), reduction_(reduction) {
    const auto options = at::TensorOptions(communicator.device()).dtype(at::kFloat);
    const int64_t slice = slice_count_of(count, size);
    padded_ = at::zeros({slice * size}, options);
    values_ = padded_.narrow(0, 0, count);
    if (reduction == Reduction::tree) received_ = at::empty({size, slice}, options);
  }

  at::Tensor& values() override { return values_; }

  /// On whichever thread backward runs, with the stream current on which the values were computed.
  void begin_sum() override {
    const at::NoGradGuard no_grad;
    complete_.record(c10::cuda::getCurrentCUDAStream(communicator_.device().index()));
    complete_.block(communicator_.stream());
    const c10::cuda::CUDAStreamGuard guard(communicator_.stream());
    if (reduction_ == Reduction::tree) {
      exchange_slices();
      sum_rows(0, size_);
      gather_slices();
    } else {
      auto* const floats = values_.mutable_data_ptr<float>();
      communicator_.settle(ncclAllReduce(floats, floats, static_cast<size_t>(values_.numel()),
                                         ncclFloat32, ncclSum, communicator_.get(), stream()),
                           "ncclAllReduce");
    }
    done_.record(communicator_.stream());
  }

  /// Waits for the device: only so does a worker that has died show.
  void end_sum() override {
    while (!done_.query()) {
      communicator_.require_health();
      std::this_thread::yield();
    }
    done_.block(c10::cuda::getCurrentCUDAStream(communicator_.device().index()));
  }

 private:
  cudaStream_t stream() const { return communicator_.stream().stream(); }
  size_t slice() const { return static_cast<size_t>(received_.size(1)); }

  void exchange_slices() {
    const ncclComm_t comm = communicator_.get();
    auto* const sent = padded_.mutable_data_ptr<float>();
    auto* const received = received_.mutable_data_ptr<float>();
    communicator_.settle(ncclGroupStart(), "ncclGroupStart");
    for (int other = 0; other < size_; ++other) {
      const size_t offset = slice() * static_cast<size_t>(other);
      communicator_.settle(ncclSend(sent + offset, slice(), ncclFloat32, other, comm, stream()),
                           "ncclSend");
      communicator_.settle(ncclRecv(received + offset, slice(), ncclFloat32, other, comm, stream()),
                           "ncclRecv");
    }
    communicator_.settle(ncclGroupEnd(), "ncclGroupEnd");
  }

  /// Row `first` of received_ becomes the sum of `count` rows in the tree's order.
  void sum_rows(int64_t first, int64_t count) {
    if (count < 2) return;
    const int64_t left = num_left_leaves(count);
    sum_rows(first, left);
    sum_rows(first + left, count - left);
    received_[first].add_(received_[first + left]);
  }

  void gather_slices() {
    communicator_.settle(
        ncclAllGather(received_.const_data_ptr<float>(), padded_.mutable_data_ptr<float>(), slice(),
                      ncclFloat32, communicator_.get(), stream()),
        "ncclAllGather");
  }

  NcclCommunicator& communicator_;
  const int size_;
  const Reduction reduction_;
  at::Tensor padded_;    // whole slices
  at::Tensor values_;    // of padded_
  at::Tensor received_;  // [size, slice]: this worker's slice of everybody's values; for `tree`
  c10::Event complete_{c10::DeviceType::CUDA}, done_{c10::DeviceType::CUDA};
};

/// What is on the CPU goes over the group beneath.
class NcclGroup : public ForwardingGroup {
 public:
  NcclGroup(std::unique_ptr<Group> group, at::Device device, Reduction reduction)
      : ForwardingGroup(std::move(group)),
        communicator_(beneath(), device),
        reduction_(reduction) {}

  void all_reduce_sum(at::Tensor& tensor) override {
    if (tensor.is_cpu()) return beneath().all_reduce_sum(tensor);
    after_what_was_computed(tensor, [&](void* data, size_t count, cudaStream_t stream) {
      communicator_.settle(
          ncclAllReduce(data, data, count, nccl_type(tensor), ncclSum, communicator_.get(), stream),
          "ncclAllReduce");
    });
  }

  std::unique_ptr<AllReduceBuffer> make_all_reduce_buffer(int64_t count) override {
    return std::make_unique<NcclAllReduceBuffer>(communicator_, size(), count, reduction_);
  }

  void broadcast(at::Tensor& tensor, int root) override {
    if (tensor.is_cpu()) return beneath().broadcast(tensor, root);
    after_what_was_computed(tensor, [&](void* data, size_t count, cudaStream_t stream) {
      communicator_.settle(
          ncclBroadcast(data, data, count, nccl_type(tensor), root, communicator_.get(), stream),
          "ncclBroadcast");
    });
  }

 private:
  /// Calls `collective` on the communicator's stream, between what was computed before and after.
  template <class Collective>
  void after_what_was_computed(at::Tensor& tensor, const Collective& collective) {
    common::check(tensor.is_contiguous() && tensor.device() == communicator_.device(),
                  "collectives take contiguous tensors on the group's GPU or the CPU");
    const auto compute = c10::cuda::getCurrentCUDAStream(communicator_.device().index());
    c10::Event before(c10::DeviceType::CUDA), after(c10::DeviceType::CUDA);
    before.record(compute);
    before.block(communicator_.stream());
    collective(tensor.mutable_data_ptr(), static_cast<size_t>(tensor.numel()),
               communicator_.stream().stream());
    after.record(communicator_.stream());
    after.block(compute);
  }

  NcclCommunicator communicator_;
  const Reduction reduction_;
};

}  // namespace
}  // namespace comm

/// Takes over `beneath`; the result is the caller's.
extern "C" comm::Group* restore_open_nccl_group(comm::Group* beneath, c10::DeviceIndex gpu,
                                                comm::Reduction reduction) {
  return new comm::NcclGroup(std::unique_ptr<comm::Group>(beneath), at::Device(at::kCUDA, gpu),
                             reduction);
}

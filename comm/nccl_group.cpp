// Part of the GPU module.

#include <cstdlib>
#include <memory>
#include <utility>

#include "comm/group.h"
#include "comm/nccl_all_reduce_buffer.h"
#include "comm/nccl_communicator.h"
#include "common/error.h"
#include "device/torch.h"

namespace comm {
namespace {

class NcclGroup : public Group {
 public:
  NcclGroup(std::unique_ptr<Group> beneath, at::Device device, Reduction reduction)
      : beneath_(std::move(beneath)), communicator_(*beneath_, device), reduction_(reduction) {}

  int rank() const override { return beneath_->rank(); }
  int size() const override { return beneath_->size(); }
  int local_rank() const override { return beneath_->local_rank(); }
  int local_size() const override { return beneath_->local_size(); }

  void all_reduce_sum(at::Tensor& tensor) override {
    if (tensor.is_cpu()) return beneath_->all_reduce_sum(tensor);
    after_what_was_computed(
        [&](void* data, size_t count, cudaStream_t stream) {
          communicator_.settle(ncclAllReduce(data, data, count, nccl_type(tensor), ncclSum,
                                             communicator_.get(), stream),
                               "ncclAllReduce");
        },
        tensor);
  }

  std::unique_ptr<AllReduceBuffer> make_sum_buffer(int64_t count) override {
    return std::make_unique<NcclAllReduceBuffer>(communicator_, size(), count, reduction_);
  }

  void broadcast(at::Tensor& tensor, int root) override {
    if (tensor.is_cpu()) return beneath_->broadcast(tensor, root);
    after_what_was_computed(
        [&](void* data, size_t count, cudaStream_t stream) {
          communicator_.settle(ncclBroadcast(data, data, count, nccl_type(tensor), root,
                                             communicator_.get(), stream),
                               "ncclBroadcast");
        },
        tensor);
  }

  std::vector<int64_t> all_gather(int64_t value) override { return beneath_->all_gather(value); }
  void barrier() override { beneath_->barrier(); }
  [[noreturn]] void abort(int code) override {
    beneath_->abort(code);
    std::_Exit(code);  // not reached, which g++ does not see
  }

 private:
  /// Calls `collective` on the communicator's stream, between what was computed before and after.
  template <class Collective>
  void after_what_was_computed(const Collective& collective, at::Tensor& tensor) {
    if (!tensor.is_contiguous() || tensor.device() != communicator_.device()) {
      throw common::Error(
          common::ErrorKind::internal,
          "collectives take contiguous tensors on " + communicator_.device().str() + " or the CPU");
    }
    const auto compute = c10::cuda::getCurrentCUDAStream(communicator_.device().index());
    c10::Event before(c10::DeviceType::CUDA), after(c10::DeviceType::CUDA);
    before.record(compute);
    before.block(communicator_.stream());
    collective(tensor.mutable_data_ptr(), static_cast<size_t>(tensor.numel()),
               communicator_.stream().stream());
    after.record(communicator_.stream());
    after.block(compute);
  }

  const std::unique_ptr<Group> beneath_;
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

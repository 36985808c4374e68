#include "worker/prefetcher.h"

#include <utility>

#include "device/torch.h"

namespace worker {

Prefetcher::Prefetcher(std::function<dataset::Batch()> read, at::Device device)
    : read_(std::move(read)), device_(device) {
  if (device.is_cpu()) return;
  copying_ = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

Prefetcher::Copy Prefetcher::begin_copy() {
  dataset::Batch batch = read_();
  const c10::StreamGuard guard(*copying_);
  Copy copy{tensors_of(std::move(batch), device_), c10::Event(device_.type())};
  copy.done.record(*copying_);
  return copy;
}

BatchTensors Prefetcher::next() {
  if (device_.is_cpu()) return tensors_of(read_());
  if (!ahead_) ahead_ = begin_copy();
  const c10::Stream computing = c10::impl::VirtualGuardImpl(device_.type()).getStream(device_);
  ahead_->done.block(computing);
  BatchTensors tensors = std::move(ahead_->tensors);
  // Their memory is of the copying stream, which must not have it back before the network is done.
  for (const at::Tensor& tensor :
       {tensors.aged, tensors.target.luma, tensors.target.chroma, tensors.target.damage}) {
    tensor.record_stream(computing);
  }
  ahead_ = begin_copy();
  return tensors;
}

}  // namespace worker

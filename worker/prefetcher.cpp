#include "worker/prefetcher.h"

#include <memory>
#include <utility>

#include "model/chroma.h"

namespace worker {

BatchTensors tensors_of(dataset::Batch batch, at::Device device) {
  // The three tensors share the batch: each holds a reference until LibTorch calls its deleter.
  const auto owner = std::make_shared<dataset::Batch>(std::move(batch));
  const auto tensor = [&](std::pmr::vector<float>& values, int64_t channels) {
    return at::from_blob(
               values.data(), {owner->count, channels, owner->height, owner->width},
               [owner](void*) {}, at::kFloat)
        .to(device, /*non_blocking=*/true);
  };
  const at::Tensor clean = tensor(owner->clean, 3);
  return {tensor(owner->aged, 1),
          {model::luma_of(clean), model::chroma_of(clean), tensor(owner->damage, 1)}};
}

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
  // The copying stream owns their memory. It must not reuse it before the network is done with it.
  for (const at::Tensor& tensor :
       {tensors.aged, tensors.target.luma, tensors.target.chroma, tensors.target.damage}) {
    tensor.record_stream(computing);
  }
  ahead_ = begin_copy();
  return tensors;
}

}  // namespace worker

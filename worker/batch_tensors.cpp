#include "worker/batch_tensors.h"

#include <memory>
#include <utility>

#include "device/torch.h"
#include "model/chroma.h"

namespace worker {

BatchTensors tensors_of(dataset::Batch batch, at::Device device) {
  // Shared by the three tensors: LibTorch frees memory that is not its own by a function.
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

}  // namespace worker

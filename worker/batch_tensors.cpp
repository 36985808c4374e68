#include "worker/batch_tensors.h"

#include <ATen/ops/from_blob.h>

#include "model/losses.h"

namespace worker {

BatchTensors tensors_of(dataset::Batch& batch) {
  const auto view = [&](std::pmr::vector<float>& values, int64_t channels) {
    return at::from_blob(values.data(), {batch.count, channels, batch.height, batch.width},
                         at::kFloat);
  };
  return {view(batch.aged, 1), model::luma_of(view(batch.clean, 3)), view(batch.damage, 1)};
}

}  // namespace worker

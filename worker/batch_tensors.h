#pragma once

#include <ATen/core/Tensor.h>

#include "dataset/sampling/batch.h"

namespace worker {

/// A batch as a network and its loss take it. `aged` and `damage` are views: the batch must outlive
/// them.
struct BatchTensors {
  at::Tensor aged;        ///< [N,1,H,W] float32 in [0,1]
  at::Tensor clean_luma;  ///< [N,1,H,W]
  at::Tensor damage;      ///< [N,1,H,W], opacity
};

BatchTensors tensors_of(dataset::Batch& batch);

}  // namespace worker

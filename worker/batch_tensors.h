#pragma once

#include "dataset/sampling/batch.h"
#include "device/torch.h"
#include "model/losses.h"

namespace worker {

/// A batch as a network and its loss take it.
struct BatchTensors {
  at::Tensor aged;  ///< [N,1,H,W] float32 in [0,1]
  model::Target target;
};

/// The batch on `device`: on the CPU its own memory, without a copy; to a GPU copied on the current
/// stream and, from pinned memory, beside what the host does next.
BatchTensors tensors_of(dataset::Batch batch, at::Device device = at::kCPU);

}  // namespace worker

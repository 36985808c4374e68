#pragma once

#include <functional>
#include <optional>

#include "dataset/sampling/batch.h"
#include "device/torch.h"
#include "model/losses.h"

namespace worker {

/// A micro-batch as a network and its loss take it.
struct BatchTensors {
  at::Tensor aged;  ///< [N,1,H,W] float32 in [0,1]
  model::Target target;
};

/// The batch on `device`. On the CPU the tensors use the batch's memory. To a GPU the batch is
/// copied on the current stream; from pinned memory the host does not wait for the copy.
BatchTensors tensors_of(dataset::Batch batch, at::Device device = at::kCPU);

/// Gives the micro-batches on the device that trains. On a GPU it prefetches one: while the network
/// works on a micro-batch, the next one is copied on a stream of its own.
class Prefetcher {
 public:
  /// `read` returns the next batch. For a GPU it should be in pinned memory: the host waits for
  /// copies from other memory.
  Prefetcher(std::function<dataset::Batch()> read, at::Device device);

  /// The next micro-batch, for use on the current stream.
  BatchTensors next();

 private:
  struct Copy {
    BatchTensors tensors;
    c10::Event done;
  };
  Copy begin_copy();

  const std::function<dataset::Batch()> read_;
  const at::Device device_;
  std::optional<c10::Stream> copying_;  // only for a GPU
  std::optional<Copy> ahead_;
};

}  // namespace worker

#pragma once

#include <functional>
#include <optional>

#include "dataset/sampling/batch.h"
#include "device/torch.h"
#include "worker/batch_tensors.h"

namespace worker {

/// Micro-batches on the device that trains. To a GPU the next one is copied, on a stream of its
/// own, while the network works on this one.
class Prefetcher {
 public:
  /// `read` gives the next batch each time; for a GPU of pinned memory, or the copies wait.
  Prefetcher(std::function<dataset::Batch()> read, at::Device device);

  /// The next micro-batch, to be used on the current stream.
  BatchTensors next();

 private:
  struct Copy {
    BatchTensors tensors;
    c10::Event done;
  };
  Copy begin_copy();

  const std::function<dataset::Batch()> read_;
  const at::Device device_;
  std::optional<c10::Stream> copying_;  // there for a GPU
  std::optional<Copy> ahead_;
};

}  // namespace worker

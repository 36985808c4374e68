// Sampling: which sample comes when, and how it is turned into the floats of a batch.
// May include common/ and the rest of dataset/; knows neither workers nor LibTorch.
// Start with load_samples.h; sample_order.h is the shuffling.
#pragma once

#include <cstdint>

namespace dataset {

/// How training cuts and turns the patches of a store.
struct SamplingConfig {
  int64_t crop = 64;
  bool flips = true;
  double gamma_jitter = 0.3;
  int64_t reader_threads = 1;

  template <class F>
  void fields(F&& field) {
    field("crop", crop, "side in pixels of the random crop that a training sample is");
    field("flips", flips, "turn and mirror crops at random, 8 ways");
    field("gamma_jitter", gamma_jitter,
          "brighten or darken aged and clean alike by a random gamma between 1/(1+this) and "
          "1+this; 0: do not");
    field("reader_threads", reader_threads, "threads of a worker that read micro-batches ahead");
  }

  /// Throws Error(config).
  void validate() const;
};

}  // namespace dataset

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "dataset/sampling/load_samples.h"

namespace dataset {

/// Micro-batches of training samples, read ahead by one thread. Micro-batch j holds the global
/// samples j*m .. (j+1)*m-1; the t-th call of `next` returns micro-batch nth_micro_batch(t), which
/// is how a worker takes its share.
class PrefetchedBatches {
 public:
  /// Starts to read at once; the store must outlive this. `nth_micro_batch` is called on the
  /// reading thread with 0, 1, 2, ...
  PrefetchedBatches(const Store& store, SamplingConfig config, uint64_t seed, int64_t micro_batch,
                    std::function<int64_t(int64_t turn)> nth_micro_batch);

  /// Stops reading and joins.
  ~PrefetchedBatches();
  PrefetchedBatches(const PrefetchedBatches&) = delete;
  PrefetchedBatches& operator=(const PrefetchedBatches&) = delete;

  /// Waits for the next micro-batch. Rethrows what the reading thread met, after the batches before
  /// it; every later call throws it again.
  Batch next();

 private:
  void read_ahead();
  bool wait_for_room();
  const Store& store_;
  const SamplingConfig config_;
  const uint64_t seed_;
  const int64_t micro_batch_;
  const std::function<int64_t(int64_t)> nth_micro_batch_;
  std::mutex mutex_;  // guards the three below
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::condition_variable changed_;
  std::thread reader_;  // last: it uses all of the above
};

}  // namespace dataset

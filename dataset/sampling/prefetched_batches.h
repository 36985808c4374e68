#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "dataset/sampling/load_samples.h"

namespace dataset {

/// Micro-batches of training samples, read ahead by config.reader_threads threads. Micro-batch j
/// holds the global samples j*m .. (j+1)*m-1; the t-th call of `next` returns micro-batch
/// nth_micro_batch(t), which is how a worker takes its share.
class PrefetchedBatches {
 public:
  /// Starts to read at once; the store and `memory`, of which the batches are made, must outlive
  /// this. `nth_micro_batch` is a pure function of 0, 1, 2, ... that does not throw; it and
  /// `memory` are used by several threads at a time.
  PrefetchedBatches(const Store& store, SamplingConfig config, uint64_t seed, int64_t micro_batch,
                    std::function<int64_t(int64_t turn)> nth_micro_batch,
                    std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

  /// Stops reading and joins.
  ~PrefetchedBatches();

  /// Waits for the next micro-batch. Rethrows its reader's error, after the batches before it;
  /// every later call throws it again.
  Batch next();

 private:
  using Outcome = std::variant<Batch, std::exception_ptr>;
  void read_ahead();
  int64_t wait_for_turn();
  Outcome read(int64_t turn) const;
  void announce(int64_t turn) const;
  int64_t first_sample(int64_t turn) const { return nth_micro_batch_(turn) * micro_batch_; }

  const Store& store_;
  const SamplingConfig config_;
  const uint64_t seed_;
  const int64_t micro_batch_;
  const std::function<int64_t(int64_t)> nth_micro_batch_;
  std::pmr::memory_resource* const memory_;
  const int64_t turns_announced_;     // how many turns before reading a micro-batch is announced
  std::mutex mutex_;                  // guards the four below
  std::map<int64_t, Outcome> ready_;  // by turn; those of several readers come out of order
  int64_t next_to_read_ = 0, next_to_give_ = 0;  // turns
  bool stopping_ = false;
  std::condition_variable changed_;
  std::vector<std::jthread> readers_;  // last: they use all of the above
};

}  // namespace dataset

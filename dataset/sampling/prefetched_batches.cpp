#include "dataset/sampling/prefetched_batches.h"

#include <utility>

namespace dataset {
namespace {

// Enough to hide a slow read behind a few steps; memory is depth x batch.
constexpr size_t kDepth = 4;

}  // namespace

PrefetchedBatches::PrefetchedBatches(const Store& store, SamplingConfig config, uint64_t seed,
                                     int64_t micro_batch,
                                     std::function<int64_t(int64_t)> nth_micro_batch)
    : store_(store),
      config_(config),
      seed_(seed),
      micro_batch_(micro_batch),
      nth_micro_batch_(std::move(nth_micro_batch)),
      reader_([this] { read_ahead(); }) {}

PrefetchedBatches::~PrefetchedBatches() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  reader_.join();
}

bool PrefetchedBatches::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || ready_.size() < kDepth; });
  return !stopping_;
}

void PrefetchedBatches::read_ahead() {
  try {
    for (int64_t turn = 0; wait_for_room(); ++turn) {
      Batch batch =
          load_samples(store_, config_, seed_, nth_micro_batch_(turn) * micro_batch_, micro_batch_);
      const std::lock_guard lock(mutex_);
      ready_.push_back(std::move(batch));
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

Batch PrefetchedBatches::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
  if (ready_.empty()) std::rethrow_exception(failure_);
  Batch batch = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return batch;
}

}  // namespace dataset

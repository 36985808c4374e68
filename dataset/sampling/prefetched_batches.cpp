#include "dataset/sampling/prefetched_batches.h"

#include <utility>

namespace dataset {
namespace {

// Enough to hide a slow read behind a few steps; memory is depth x batch.
constexpr int64_t kDepth = 4;

// A disk needs this many reads in flight to reach its sequential rate.
constexpr int64_t kSamplesInFlight = 16;

}  // namespace

PrefetchedBatches::PrefetchedBatches(const Store& store, SamplingConfig config, uint64_t seed,
                                     int64_t micro_batch,
                                     std::function<int64_t(int64_t)> nth_micro_batch,
                                     std::pmr::memory_resource* memory)
    : store_(store),
      config_(config),
      seed_(seed),
      micro_batch_(micro_batch),
      nth_micro_batch_(std::move(nth_micro_batch)),
      memory_(memory),
      turns_announced_((kSamplesInFlight + micro_batch - 1) / micro_batch) {
  for (int64_t turn = 0; turn < turns_announced_; ++turn) announce(turn);
  for (int64_t i = 0; i < config.reader_threads; ++i) {
    readers_.emplace_back([this] { read_ahead(); });
  }
}

PrefetchedBatches::~PrefetchedBatches() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

/// The turn that the caller must read; -1: none is left.
int64_t PrefetchedBatches::wait_for_turn() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || next_to_read_ < next_to_give_ + kDepth; });
  return stopping_ ? -1 : next_to_read_++;
}

void PrefetchedBatches::announce(int64_t turn) const {
  announce_samples(store_, seed_, first_sample(turn), micro_batch_);
}

PrefetchedBatches::Outcome PrefetchedBatches::read(int64_t turn) const {
  try {
    announce(turn + turns_announced_);
    return load_samples(store_, config_, seed_, first_sample(turn), micro_batch_, memory_);
  } catch (...) {
    return std::current_exception();
  }
}

void PrefetchedBatches::read_ahead() {
  for (int64_t turn = wait_for_turn(); turn >= 0; turn = wait_for_turn()) {
    Outcome outcome = read(turn);
    const std::lock_guard lock(mutex_);
    ready_.emplace(turn, std::move(outcome));
    changed_.notify_all();
  }
}

Batch PrefetchedBatches::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ready_.contains(next_to_give_); });
  const auto found = ready_.find(next_to_give_);
  // A failure stays in the map: no later batch is given.
  if (const auto* failure = std::get_if<std::exception_ptr>(&found->second)) {
    std::rethrow_exception(*failure);
  }
  Batch batch = std::get<Batch>(std::move(found->second));
  ready_.erase(found);
  ++next_to_give_;
  changed_.notify_all();
  return batch;
}

}  // namespace dataset

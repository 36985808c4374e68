#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "comm/bucket_hooks.h"
#include "comm/group.h"
#include "comm/pairwise_accumulator.h"
#include "device/named_tensor.h"
#include "device/torch.h"

namespace comm {

/// The gradients of all parameters in a few flat buckets. One collective sums a bucket, and nothing
/// is copied: each parameter's `.grad` is a view into a bucket.
/// Buckets are filled in reverse order of registration, the order in which backward finishes; the
/// first one is small, so that it is ready early.
/// A step: zero(), then begin_micro_batch() and end_micro_batch() around each backward, then
/// all_reduce_mean(). A bucket's sum begins as soon as the last backward has finished its
/// gradients, where the group works beside the computation (AllReduceBuffer::begin_sum).
class GradientBuckets {
 public:
  static constexpr int64_t kFirstBucket_bytes = int64_t{1} << 20;
  static constexpr int64_t kBucket_bytes = int64_t{25} << 20;

  /// Sets every parameter's `.grad` to a view of zeros. It must stay defined as long as the buckets
  /// live: zero it, never reset it.
  /// A bucket is closed when it has reached its size, so one larger parameter still fits.
  /// Collective over the group, which must outlive the buckets.
  /// Throws Error(internal) unless all parameters are float32 leaves on the device of the group's
  /// buffers.
  GradientBuckets(Group& group, const std::vector<device::NamedTensor>& parameters,
                  Reduction reduction = Reduction::fast,
                  int64_t first_bucket_bytes = kFirstBucket_bytes,
                  int64_t bucket_bytes = kBucket_bytes);
  GradientBuckets(const GradientBuckets&) = delete;
  GradientBuckets& operator=(const GradientBuckets&) = delete;

  /// Before the first micro-batch of a step.
  void zero();

  /// Before the backward of each micro-batch; `last` says that this worker's step has no more.
  void begin_micro_batch(bool last);

  /// After it.
  void end_micro_batch();

  /// After the last: each gradient becomes the mean over the `num_micro_batches` of all workers.
  /// Collective: every worker calls it.
  void all_reduce_mean(int64_t num_micro_batches);

  /// Euclidean norm over all gradients, summed in float64; not finite if any gradient is not.
  double norm() const;

  void scale(double factor);

  /// Of names, shapes and dtypes in bucket order. Where it differs between workers, their sums
  /// would mix gradients of different parameters.
  uint64_t plan_hash() const { return plan_hash_; }

  size_t num_buckets() const { return buckets_.size(); }
  const at::Tensor& bucket(size_t number) const { return buckets_[number]->values(); }  ///< [n]

 private:
  void begin_sum(size_t bucket);

  std::vector<std::unique_ptr<AllReduceBuffer>> buckets_;
  std::vector<PairwiseAccumulator> accumulators_;  // one a bucket for `tree`, none for `fast`
  bool in_last_micro_batch_ = false;
  std::unique_ptr<BucketHooks> hooks_;
  uint64_t plan_hash_ = 0;
};

}  // namespace comm

#pragma once

#include <cstdint>

#include "comm/group.h"

namespace worker {

/// How long a run is, how large its steps are and how the learning rate changes: section `schedule`
/// of a training configuration.
struct ScheduleConfig {
  int64_t steps = 20'000;
  double max_minutes = 0;
  int64_t micro_batches_per_step = 8;
  int64_t micro_batch_size = 8;
  int64_t warmup_steps = 200;
  double min_lr_ratio = 0.01;

  template <class F>
  void fields(F&& field) {
    field("steps", steps, "optimizer steps of the run");
    field("max_minutes", max_minutes,
          "end after this time, even if steps are left; 0: no limit, reproducible");
    field("micro_batches_per_step", micro_batches_per_step, "of all workers together");
    field("micro_batch_size", micro_batch_size, "samples in a micro-batch");
    field("warmup_steps", warmup_steps, "the learning rate rises linearly over these");
    field("min_lr_ratio", min_lr_ratio, "the cosine ends at this share of the learning rate");
  }

  int64_t samples_per_step() const { return micro_batches_per_step * micro_batch_size; }

  /// Throws Error(config).
  void validate() const;
};

/// How much of the run is done, 0 to 1. With max_minutes the larger of the shares of steps and
/// time.
double fraction_done(const ScheduleConfig& schedule, int64_t step, double seconds);

/// What the peak learning rate is multiplied by at `step` (0 for the first): a linear warm-up times
/// half a cosine over fraction_done. Without max_minutes a pure function of the step.
/// Source: Loshchilov and Hutter, 2017, arXiv 1608.03983, without restarts.
double learning_rate_factor(const ScheduleConfig& schedule, int64_t step, double seconds);

/// Which micro-batches a worker computes: of the K of each step, a contiguous run of K/N.
class MicroBatchPlan {
 public:
  /// Throws Error(config) with the possible numbers of workers unless `num_workers` divides
  /// `per_step` and, for Reduction::tree, keeps its tree of sums (comm/summation_tree.h).
  MicroBatchPlan(int64_t per_step, int64_t rank, int64_t num_workers,
                 comm::Reduction reduction = comm::Reduction::fast);

  int64_t per_step() const { return per_step_; }
  int64_t own_per_step() const { return own_per_step_; }

  /// The global number of this worker's `turn`-th micro-batch (0, 1, ...) in a run that begins at
  /// step `first_step`.
  int64_t number(int64_t first_step, int64_t turn) const;

 private:
  int64_t per_step_, own_per_step_, rank_;
};

}  // namespace worker

#pragma once

#include <cstdint>

namespace worker {

/// How long a run is, how large its steps are and how the learning rate goes.
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

/// How far the run is, 0 to 1: by steps or, with a limit in minutes, by time, whichever is further.
double progress(const ScheduleConfig& schedule, int64_t step, double seconds);

/// What the peak learning rate is multiplied by at `step` (0 for the first): a linear warm-up times
/// half a cosine over the run's progress. Without a limit in minutes a pure function of the step.
/// Source: Loshchilov and Hutter, 2017, arXiv 1608.03983, without restarts.
double learning_rate_factor(const ScheduleConfig& schedule, int64_t step, double seconds);

}  // namespace worker

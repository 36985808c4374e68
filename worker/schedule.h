#pragma once

#include <cstdint>

namespace worker {

/// How long a run is, how large its steps are and how the learning rate goes.
struct ScheduleConfig {
  int64_t steps = 20'000;
  double minutes = 0;
  int64_t micro_batches = 8;
  int64_t micro_batch = 8;
  int64_t warmup_steps = 200;
  double final_share = 0.01;

  template <class F>
  void fields(F&& field) {
    field("steps", steps, "optimizer steps of the run");
    field("minutes", minutes, "end after this time if steps are left; 0: no limit, reproducible");
    field("micro_batches", micro_batches, "micro-batches a step, over all workers");
    field("micro_batch", micro_batch, "samples a micro-batch");
    field("warmup_steps", warmup_steps, "the learning rate rises linearly over these");
    field("final_share", final_share, "share of the learning rate that the cosine ends at");
  }

  int64_t samples_per_step() const { return micro_batches * micro_batch; }

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

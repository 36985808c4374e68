#pragma once

#include <cstdint>

#include "comm/comm_config.h"

namespace worker {

/// Which micro-batches a worker computes: of the K of each step, a contiguous run of K/N.
class MicroBatchPlan {
 public:
  /// Throws Error(config) with the possible numbers of workers unless `num_workers` divides
  /// `per_step` and, for Reduction::tree, keeps its tree of sums (comm/summation_tree.h).
  MicroBatchPlan(int64_t per_step, int64_t rank, int64_t num_workers,
                 comm::Reduction reduction = comm::Reduction::fast);

  int64_t per_step() const { return per_step_; }
  int64_t own_per_step() const { return own_per_step_; }

  /// Global number of the micro-batch that this worker computes at its `turn`-th turn (0, 1, ...)
  /// of a run that begins at `first_step`.
  int64_t number(int64_t first_step, int64_t turn) const;

 private:
  int64_t per_step_, own_per_step_, rank_;
};

}  // namespace worker

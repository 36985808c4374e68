#include "worker/micro_batch_plan.h"

#include <fmt/format.h>

#include <vector>

#include "common/error.h"

namespace worker {

MicroBatchPlan::MicroBatchPlan(int64_t per_step, int64_t rank, int64_t num_workers)
    : per_step_(per_step), own_per_step_(per_step / num_workers), rank_(rank) {
  if (per_step % num_workers == 0) return;
  std::vector<int64_t> possible;
  for (int64_t n = 1; n <= per_step; ++n) {
    if (per_step % n == 0) possible.push_back(n);
  }
  throw common::Error(
      common::ErrorKind::config,
      fmt::format("{} workers cannot share the {} micro-batches of a step equally; start {} "
                  "workers, or change schedule.micro_batches",
                  num_workers, per_step, fmt::join(possible, ", ")));
}

int64_t MicroBatchPlan::number(int64_t first_step, int64_t turn) const {
  const int64_t step = first_step + turn / own_per_step_;
  return step * per_step_ + rank_ * own_per_step_ + turn % own_per_step_;
}

}  // namespace worker

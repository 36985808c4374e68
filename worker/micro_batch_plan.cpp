#include "worker/micro_batch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "comm/summation_tree.h"
#include "common/error.h"

namespace worker {
namespace {

std::vector<int64_t> divisors(int64_t number) {
  std::vector<int64_t> found;
  for (int64_t n = 1; n <= number; ++n) {
    if (number % n == 0) found.push_back(n);
  }
  return found;
}

}  // namespace

MicroBatchPlan::MicroBatchPlan(int64_t per_step, int64_t rank, int64_t num_workers,
                               comm::Reduction reduction)
    : per_step_(per_step), own_per_step_(per_step / num_workers), rank_(rank) {
  const bool tree = reduction == comm::Reduction::tree;
  const std::vector<int64_t> possible =
      tree ? comm::workers_that_keep_the_tree(per_step) : divisors(per_step);
  if (std::find(possible.begin(), possible.end(), num_workers) != possible.end()) return;
  throw common::Error(
      common::ErrorKind::config,
      fmt::format("{} workers cannot share the {} micro-batches of a step {}; start {} workers, or "
                  "change schedule.micro_batches_per_step{}",
                  num_workers, per_step,
                  tree ? "in whole subtrees of the tree of their sums" : "equally",
                  fmt::join(possible, ", "), tree ? " or comm.reduction" : ""));
}

int64_t MicroBatchPlan::number(int64_t first_step, int64_t turn) const {
  const int64_t step = first_step + turn / own_per_step_;
  return step * per_step_ + rank_ * own_per_step_ + turn % own_per_step_;
}

}  // namespace worker

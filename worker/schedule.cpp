#include "worker/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "comm/summation_tree.h"
#include "common/error.h"

namespace worker {
namespace {

void require_schedule(bool holds, const std::string& message) {
  if (!holds) throw common::config_error(message);
}

std::vector<int64_t> divisors(int64_t number) {
  std::vector<int64_t> found;
  for (int64_t n = 1; n <= number; ++n) {
    if (number % n == 0) found.push_back(n);
  }
  return found;
}

}  // namespace

void ScheduleConfig::validate() const {
  require_schedule(steps >= 1, "schedule.steps must be at least 1, got " + std::to_string(steps));
  require_schedule(max_minutes >= 0,
                   "schedule.max_minutes must not be negative, got " + std::to_string(max_minutes));
  require_schedule(micro_batches_per_step >= 1,
                   "schedule.micro_batches_per_step must be at least 1");
  require_schedule(micro_batch_size >= 1, "schedule.micro_batch_size must be at least 1");
  require_schedule(warmup_steps >= 0, "schedule.warmup_steps must not be negative");
  require_schedule(min_lr_ratio >= 0 && min_lr_ratio <= 1,
                   "schedule.min_lr_ratio must be in [0, 1]");
}

double fraction_done(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double by_steps = static_cast<double>(step) / static_cast<double>(schedule.steps);
  const double by_time = schedule.max_minutes > 0 ? seconds / (60 * schedule.max_minutes) : 0;
  return std::clamp(std::max(by_steps, by_time), 0.0, 1.0);
}

double learning_rate_factor(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double cosine =
      0.5 * (1 + std::cos(std::numbers::pi * fraction_done(schedule, step, seconds)));
  const double warm = step < schedule.warmup_steps ? static_cast<double>(step + 1) /
                                                         static_cast<double>(schedule.warmup_steps)
                                                   : 1;
  return warm * (schedule.min_lr_ratio + (1 - schedule.min_lr_ratio) * cosine);
}

MicroBatchPlan::MicroBatchPlan(int64_t per_step, int64_t rank, int64_t num_workers,
                               comm::Reduction reduction)
    : per_step_(per_step), own_per_step_(per_step / num_workers), rank_(rank) {
  const bool tree = reduction == comm::Reduction::tree;
  const std::vector<int64_t> possible =
      tree ? comm::workers_that_keep_the_tree(per_step) : divisors(per_step);
  if (std::find(possible.begin(), possible.end(), num_workers) != possible.end()) return;
  throw common::config_error(fmt::format(
      "{} workers cannot share the {} micro-batches of a step {}; start {} workers, or "
      "change schedule.micro_batches_per_step{}",
      num_workers, per_step, tree ? "in whole subtrees of the tree of their sums" : "equally",
      fmt::join(possible, ", "), tree ? " or comm.reduction" : ""));
}

int64_t MicroBatchPlan::number(int64_t first_step, int64_t turn) const {
  const int64_t step = first_step + turn / own_per_step_;
  return step * per_step_ + rank_ * own_per_step_ + turn % own_per_step_;
}

}  // namespace worker

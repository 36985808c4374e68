#include "worker/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "common/error.h"

namespace worker {
namespace {

void require_schedule(bool holds, const std::string& message) {
  if (!holds) throw common::Error(common::ErrorKind::config, message);
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

double progress(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double by_steps = static_cast<double>(step) / static_cast<double>(schedule.steps);
  const double by_time = schedule.max_minutes > 0 ? seconds / (60 * schedule.max_minutes) : 0;
  return std::clamp(std::max(by_steps, by_time), 0.0, 1.0);
}

double learning_rate_factor(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress(schedule, step, seconds)));
  const double warm = step < schedule.warmup_steps ? static_cast<double>(step + 1) /
                                                         static_cast<double>(schedule.warmup_steps)
                                                   : 1;
  return warm * (schedule.min_lr_ratio + (1 - schedule.min_lr_ratio) * cosine);
}

}  // namespace worker

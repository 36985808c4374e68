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
  require_schedule(minutes >= 0, "schedule.minutes must not be negative, got " + std::to_string(minutes));
  require_schedule(micro_batches >= 1, "schedule.micro_batches must be at least 1");
  require_schedule(micro_batch >= 1, "schedule.micro_batch must be at least 1");
  require_schedule(warmup_steps >= 0, "schedule.warmup_steps must not be negative");
  require_schedule(final_share >= 0 && final_share <= 1, "schedule.final_share must be in [0, 1]");
}

double progress(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double by_steps = static_cast<double>(step) / static_cast<double>(schedule.steps);
  const double by_time = schedule.minutes > 0 ? seconds / (60 * schedule.minutes) : 0;
  return std::clamp(std::max(by_steps, by_time), 0.0, 1.0);
}

double learning_rate_factor(const ScheduleConfig& schedule, int64_t step, double seconds) {
  const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * progress(schedule, step, seconds)));
  const double warm = step < schedule.warmup_steps ? static_cast<double>(step + 1) /
                                                         static_cast<double>(schedule.warmup_steps)
                                                   : 1;
  return warm * (schedule.final_share + (1 - schedule.final_share) * cosine);
}

}  // namespace worker

#include "launcher/restart_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace launcher {

RestartPolicy::Decision RestartPolicy::after_death(int64_t step, int exit_code) {
  if (step > best_step_) without_progress_ = 0;
  best_step_ = std::max(best_step_, step);
  same_deaths_ = step == last_step_ && exit_code == last_code_ ? same_deaths_ + 1 : 1;
  last_step_ = step;
  last_code_ = exit_code;

  Decision decision;
  if (without_progress_ >= max_restarts_) {
    decision.why_not = fmt::format("{} restarts without progress (--max-restarts {})",
                                   without_progress_, max_restarts_);
    return decision;
  }
  if (same_deaths_ >= kCrashLoop) {
    decision.why_not = fmt::format(
        "a crash loop: {} times in a row it died with exit code {} after step {}; look for the "
        "cause in the workers' messages before you start it again",
        same_deaths_, exit_code, step);
    return decision;
  }
  decision.restart = true;
  decision.backoff_s = std::min(kLongestBackoff_s, kFirstBackoff_s * std::exp2(without_progress_));
  ++without_progress_;
  return decision;
}

}  // namespace launcher

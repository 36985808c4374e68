#include "health/watchdog_config.h"

#include <algorithm>

#include "common/error.h"

namespace health {

void WatchdogConfig::validate() const {
  if (std::min({start_s, data_s, step_s, validation_s, save_s}) >= 0) return;
  throw common::Error(common::ErrorKind::config,
                      "the deadlines of section watchdog are seconds, 0 or more; 0: no deadline");
}

int64_t WatchdogConfig::deadline_s(JobPhase phase) const {
  switch (phase) {
    case JobPhase::start: return start_s;
    case JobPhase::data: return data_s;
    case JobPhase::step: return step_s;
    case JobPhase::validation: return validation_s;
    case JobPhase::save:
    case JobPhase::end: return save_s;
  }
  return 0;
}

const char* deadline_key(JobPhase phase) {
  switch (phase) {
    case JobPhase::start: return "watchdog.start_s";
    case JobPhase::data: return "watchdog.data_s";
    case JobPhase::step: return "watchdog.step_s";
    case JobPhase::validation: return "watchdog.validation_s";
    case JobPhase::save:
    case JobPhase::end: return "watchdog.save_s";
  }
  return "watchdog";
}

}  // namespace health

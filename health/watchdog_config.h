#pragma once

#include <cstdint>

#include "health/job_progress.h"

namespace health {

/// How long a phase may last: section `watchdog` of a training configuration. Seconds; 0: forever.
struct WatchdogConfig {
  int64_t start_s = 1800;
  int64_t data_s = 300;
  int64_t step_s = 600;
  int64_t validation_s = 3600;
  int64_t save_s = 1800;

  template <class F>
  void fields(F&& field) {
    field("start_s", start_s, "seconds from the start to the first step; 0: no deadline");
    field("data_s", data_s, "seconds that a worker may wait for a micro-batch; 0: no deadline");
    field("step_s", step_s, "seconds that one step may take; 0: no deadline");
    field("validation_s", validation_s, "seconds that a validation may take; 0: no deadline");
    field("save_s", save_s, "seconds that saving may take, and the end; 0: no deadline");
  }

  /// Throws Error(config) for a negative value.
  void validate() const;

  int64_t deadline_s(JobPhase phase) const;  ///< 0: none
};

/// The key of its deadline, such as "watchdog.step_s".
const char* deadline_key(JobPhase phase);

}  // namespace health

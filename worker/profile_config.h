#pragma once

#include <cstdint>
#include <string>

namespace worker {

/// Steps by the number that metrics.jsonl gives them: the first of a run is 1. Both ends count.
struct StepRange {
  int64_t first = 0;
  int64_t last = -1;  ///< before `first`: no step at all
  bool contains(int64_t step) const { return first <= step && step <= last; }
};

/// Which steps are looked at closely: section `profile` of a training configuration.
struct ProfileConfig {
  std::string steps;

  template <class F>
  void fields(F&& field) {
    field("steps", steps, "FIRST:LAST, steps that trace-worker-R.json shows by phase; empty: none");
  }

  /// Throws Error(config) for a text that is no range.
  StepRange step_range() const;
  void validate() const { step_range(); }
};

}  // namespace worker

#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "worker/records/step_times.h"

namespace worker {

/// Steps as metrics.jsonl counts them: the first of a run is 1. Includes both ends.
struct StepRange {
  int64_t first = 0;
  int64_t last = -1;  ///< before `first`: no step at all
  bool contains(int64_t step) const { return first <= step && step <= last; }
};

/// Section `profile` of a training configuration.
struct ProfileConfig {
  std::string steps;

  template <class F>
  void fields(F&& field) {
    field("steps", steps,
          "FIRST:LAST, the steps whose phases trace-worker-R.json shows; empty: none");
  }

  /// Throws Error(config) for a text that is no range.
  StepRange step_range() const;
  void validate() const { step_range(); }
};

/// The phases of the chosen steps on a time line: trace-worker-R.json, for chrome://tracing and
/// ui.perfetto.dev. The files of one machine's workers share a clock and can be shown together.
/// Source: "Trace Event Format", complete events ("ph":"X").
class StepTrace {
 public:
  StepTrace(const ProfileConfig& config, const std::filesystem::path& run_folder, int rank);

  /// After step number `step`. Ignores steps that were not chosen.
  void add(int64_t step, const StepTimes& times);

  /// Writes the steps added, if there are any. Throws Error(io).
  void write() const;

 private:
  StepRange range_;
  std::filesystem::path path_;
  int rank_;
  nlohmann::ordered_json events_ = nlohmann::ordered_json::array();
};

}  // namespace worker

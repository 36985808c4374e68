#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "worker/profile_config.h"
#include "worker/step_times.h"

namespace worker {

/// The phases of chosen steps as a picture of time: trace-worker-R.json, which chrome://tracing and
/// ui.perfetto.dev show. Times are those of the machine's steady clock, so that the files of its
/// workers line up.
/// Source: "Trace Event Format", complete events ("ph":"X").
class StepTrace {
 public:
  StepTrace(const ProfileConfig& config, const std::filesystem::path& run_folder, int rank);

  /// After step number `step` (the first of a run is 1). Steps that were not chosen are ignored.
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

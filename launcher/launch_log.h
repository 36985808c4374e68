#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

namespace launcher {

/// RUN/launch.jsonl: what the launcher did, one JSON object a line (docs/run_folder.md).
class LaunchLog {
 public:
  /// Makes the folder if it is not there. Throws Error(io).
  explicit LaunchLog(const std::filesystem::path& run_folder);

  /// Appends an event with the time, UTC; the line is whole or not there. Throws Error(io).
  void append(const char* event, nlohmann::ordered_json facts) const;

  /// What a run's launchers have written, in order; lines that are cut off are left out.
  static std::vector<nlohmann::json> rows(const std::filesystem::path& run_folder);

  /// The number of the next attempt: one more than any that has left a trace in this folder.
  /// Heartbeats and dumps bear it.
  static int next_attempt(const std::filesystem::path& run_folder);

 private:
  std::filesystem::path path_;
};

}  // namespace launcher

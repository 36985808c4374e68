#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/files.h"

namespace worker {

/// metrics.jsonl: one JSON object a line, in order of steps (docs/run_folder.md).
class MetricsLog {
 public:
  /// Opens for appending. Rows beyond `last_step`, left by a run that went on after the checkpoint
  /// that is resumed, and a line that was cut off are dropped. Throws Error(io).
  MetricsLog(std::filesystem::path path, int64_t last_step);

  /// One row, on its way to the disk when this returns. Throws Error(io).
  void write(const nlohmann::ordered_json& row);

 private:
  std::filesystem::path path_;
  common::FileDescriptor file_;
};

}  // namespace worker

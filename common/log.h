#pragma once

#include <spdlog/spdlog.h>

#include <filesystem>
#include <string>

namespace common {

/// Makes spdlog's default logger write to stderr as "12:03:11 [worker 2] message"; colours only on
/// a terminal without NO_COLOR. `who` may be empty.
void start_log(const std::string& who, spdlog::level::level_enum level = spdlog::level::info);

/// Also writes every later line to this file (appended).
void log_to_file(const std::filesystem::path& path);

}  // namespace common

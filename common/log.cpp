#include "common/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "common/error.h"
#include "common/progress.h"

namespace common {

void start_log(const std::string& who, spdlog::level::level_enum level) {
  const bool colours = is_terminal(STDERR_FILENO) && std::getenv("NO_COLOR") == nullptr;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      colours ? spdlog::color_mode::always : spdlog::color_mode::never);
  auto logger = std::make_shared<spdlog::logger>("restore", sink);
  logger->set_level(level);
  logger->flush_on(spdlog::level::info);
  const std::string name = who.empty() ? "" : "[" + who + "] ";
  logger->set_pattern("%H:%M:%S " + name + "%^%L%$ %v");
  spdlog::set_default_logger(std::move(logger));
}

void log_to_file(const std::filesystem::path& path) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %L %v");
    spdlog::default_logger()->sinks().push_back(std::move(sink));
  } catch (const spdlog::spdlog_ex& error) {
    throw Error(ErrorKind::io, "cannot log to " + path.string() + ": " + error.what());
  }
}

}  // namespace common

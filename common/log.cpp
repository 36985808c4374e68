#include "common/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "common/error.h"
#include "common/printable.h"
#include "common/progress.h"

namespace common {
namespace {

/// %*: the message, in which a file's name can neither begin a line nor speak to the terminal.
class PrintableMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& line) override {
    const std::string text = printable({message.payload.data(), message.payload.size()});
    line.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableMessage>();
  }
};

std::unique_ptr<spdlog::formatter> formatter(const std::string& pattern) {
  auto made = std::make_unique<spdlog::pattern_formatter>();
  made->add_flag<PrintableMessage>('*').set_pattern(pattern);
  return made;
}

}  // namespace

void start_log(const std::string& who, spdlog::level::level_enum level) {
  const bool colours = is_terminal(STDERR_FILENO) && std::getenv("NO_COLOR") == nullptr;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      colours ? spdlog::color_mode::always : spdlog::color_mode::never);
  auto logger = std::make_shared<spdlog::logger>("restore", sink);
  logger->set_level(level);
  logger->flush_on(spdlog::level::info);
  const std::string name = who.empty() ? "" : "[" + who + "] ";
  logger->set_formatter(formatter("%H:%M:%S " + name + "%^%L%$ %*"));
  spdlog::set_default_logger(std::move(logger));
}

void log_to_file(const std::filesystem::path& path) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    sink->set_formatter(formatter("%Y-%m-%d %H:%M:%S.%e %L %*"));
    spdlog::default_logger()->sinks().push_back(std::move(sink));
  } catch (const spdlog::spdlog_ex& error) {
    throw Error(ErrorKind::io, "cannot log to " + path.string() + ": " + error.what());
  }
}

}  // namespace common

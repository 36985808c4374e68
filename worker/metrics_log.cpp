#include "worker/metrics_log.h"

#include <fcntl.h>

#include <sstream>

namespace worker {
namespace {

/// The rows of at most `last_step`, whole lines only.
std::string rows_up_to(const std::string& text, int64_t last_step) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const auto row = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (row.is_object() && row.value("step", int64_t{0}) <= last_step) kept += line + "\n";
  }
  return kept;
}

}  // namespace

MetricsLog::MetricsLog(std::filesystem::path path, int64_t last_step) : path_(std::move(path)) {
  if (std::filesystem::exists(path_)) {
    common::write_file_atomically(path_, rows_up_to(common::read_file(path_), last_step));
  }
  file_ = common::open_file(path_, O_WRONLY | O_CREAT | O_APPEND);
}

void MetricsLog::write(const nlohmann::ordered_json& row) {
  const std::string line = row.dump() + "\n";
  common::write_all(file_, line.data(), line.size(), path_);
}

}  // namespace worker

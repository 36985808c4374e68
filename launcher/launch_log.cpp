#include "launcher/launch_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "common/files.h"
#include "health/heartbeat.h"

namespace launcher {
namespace {

/// "2026-11-24T12:03:11.250Z".
std::string now_text() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const auto milliseconds_now = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(now)),
                     milliseconds_now);
}

constexpr const char* kName = "launch.jsonl";

}  // namespace

LaunchLog::LaunchLog(const std::filesystem::path& run_folder) : path_(run_folder / kName) {
  common::make_directories(run_folder);
}

void LaunchLog::append(const char* event, nlohmann::ordered_json facts) const {
  nlohmann::ordered_json row{{"time", now_text()}, {"event", event}};
  row.update(facts);
  const std::string line = row.dump() + "\n";
  common::write_all(common::open_file(path_, O_WRONLY | O_CREAT | O_APPEND), line.data(),
                    line.size(), path_);
}

std::vector<nlohmann::json> LaunchLog::rows(const std::filesystem::path& run_folder) {
  std::vector<nlohmann::json> rows;
  std::ifstream file(run_folder / kName);
  for (std::string line; std::getline(file, line);) {
    auto row = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (row.is_object()) rows.push_back(std::move(row));
  }
  return rows;
}

int LaunchLog::next_attempt(const std::filesystem::path& run_folder) {
  int last = -1;
  for (const nlohmann::json& row : rows(run_folder)) {
    const auto attempt = row.find("attempt");
    if (attempt != row.end() && attempt->is_number_integer())
      last = std::max(last, attempt->get<int>());
  }
  for (const auto& heartbeat : health::read_heartbeats(run_folder))
    last = std::max(last, heartbeat.attempt);
  return last + 1;
}

}  // namespace launcher

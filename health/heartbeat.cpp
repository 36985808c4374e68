#include "health/heartbeat.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // renameat2

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "common/error.h"
#include "common/files.h"
#include "health/process.h"

namespace health {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHeartbeatBytes = 1 << 16;

template <class AnyHeartbeat, class F>
void for_each_field(AnyHeartbeat& heartbeat, F&& field) {
  field("rank", heartbeat.rank);
  field("num_workers", heartbeat.num_workers);
  field("host", heartbeat.host);
  field("pid", heartbeat.pid);
  field("attempt", heartbeat.attempt);
  field("step", heartbeat.step);
  field("sequence", heartbeat.sequence);
  field("phase", heartbeat.phase);
  field("phase_s", heartbeat.phase_s);
  field("samples_per_s", heartbeat.samples_per_s);
  field("beat", heartbeat.beat);
}

std::optional<Heartbeat> read_heartbeat(const fs::path& path) {
  try {
    return nlohmann::json::parse(common::read_file(path, kMaxHeartbeatBytes)).get<Heartbeat>();
  } catch (const nlohmann::json::exception&) {
    return {};
  } catch (const common::Error&) {  // removed since the folder was listed
    return {};
  }
}

}  // namespace

void to_json(nlohmann::ordered_json& json, const Heartbeat& heartbeat) {
  for_each_field(heartbeat, [&](const char* key, const auto& value) { json[key] = value; });
}

void from_json(const nlohmann::json& json, Heartbeat& heartbeat) {
  for_each_field(heartbeat, [&](const char* key, auto& value) { json.at(key).get_to(value); });
}

fs::path heartbeat_path(const fs::path& run_folder, int rank) {
  return run_folder / "heartbeats" / fmt::format("worker-{}.json", rank);
}

void clear_heartbeats(const fs::path& run_folder) {
  std::error_code code;
  fs::remove_all(run_folder / "heartbeats", code);
  common::make_directories(run_folder / "heartbeats");
}

void write_heartbeat(const fs::path& run_folder, const Heartbeat& heartbeat) {
  const fs::path path = heartbeat_path(run_folder, heartbeat.rank);
  fs::path temporary = path;
  temporary += ".tmp";
  const std::string text = nlohmann::ordered_json(heartbeat).dump() + "\n";
  common::write_all(common::open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC), text.data(),
                    text.size(), temporary);
  // Exchanging the two files costs the disk a third of creating one each time.
  if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) return;
  std::error_code code;  // the first beat, or a file system that cannot exchange
  fs::rename(temporary, path, code);
  if (code) throw common::io_error("cannot rename " + temporary.string() + " to", path);
}

std::vector<Heartbeat> read_heartbeats(const fs::path& run_folder) {
  std::vector<Heartbeat> heartbeats;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(run_folder / "heartbeats", code)) {
    if (entry.path().extension() != ".json") continue;
    if (auto heartbeat = read_heartbeat(entry.path())) heartbeats.push_back(std::move(*heartbeat));
  }
  std::ranges::sort(heartbeats, {}, &Heartbeat::rank);
  return heartbeats;
}

bool is_gone(const Heartbeat& heartbeat) {
  static const std::string here = host_name();
  return heartbeat.host == here && !is_alive(heartbeat.pid);
}

std::string name_of(const Heartbeat& heartbeat) {
  return fmt::format("worker {} (process {} on {})", heartbeat.rank, heartbeat.pid, heartbeat.host);
}

std::string place_of(const Heartbeat& heartbeat) {
  return fmt::format("in phase {} after step {}", heartbeat.phase, heartbeat.step);
}

}  // namespace health

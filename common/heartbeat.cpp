#include "common/heartbeat.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // renameat2

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "common/error.h"
#include "common/files.h"

namespace common {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHeartbeatBytes = 1 << 16;

std::optional<Heartbeat> read_heartbeat(const fs::path& path) {
  try {
    const auto json = nlohmann::json::parse(read_file(path, kMaxHeartbeatBytes));
    Heartbeat heartbeat;
    json.at("rank").get_to(heartbeat.rank);
    json.at("num_workers").get_to(heartbeat.num_workers);
    json.at("host").get_to(heartbeat.host);
    json.at("pid").get_to(heartbeat.pid);
    json.at("attempt").get_to(heartbeat.attempt);
    json.at("step").get_to(heartbeat.step);
    json.at("sequence").get_to(heartbeat.sequence);
    json.at("phase").get_to(heartbeat.phase);
    json.at("phase_s").get_to(heartbeat.phase_s);
    json.at("samples_per_s").get_to(heartbeat.samples_per_s);
    json.at("beat").get_to(heartbeat.beat);
    return heartbeat;
  } catch (const nlohmann::json::exception&) {
    return {};
  } catch (const Error&) {  // gone between the listing and the reading
    return {};
  }
}

}  // namespace

fs::path heartbeat_path(const fs::path& run_folder, int rank) {
  return run_folder / "heartbeats" / fmt::format("worker-{}.json", rank);
}

void write_heartbeat(const fs::path& run_folder, const Heartbeat& heartbeat) {
  const nlohmann::ordered_json json{{"rank", heartbeat.rank},
                                    {"num_workers", heartbeat.num_workers},
                                    {"host", heartbeat.host},
                                    {"pid", heartbeat.pid},
                                    {"attempt", heartbeat.attempt},
                                    {"step", heartbeat.step},
                                    {"sequence", heartbeat.sequence},
                                    {"phase", heartbeat.phase},
                                    {"phase_s", heartbeat.phase_s},
                                    {"samples_per_s", heartbeat.samples_per_s},
                                    {"beat", heartbeat.beat}};
  const fs::path path = heartbeat_path(run_folder, heartbeat.rank);
  fs::path temporary = path;
  temporary += ".tmp";
  const std::string text = json.dump() + "\n";
  write_all(open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC), text.data(), text.size(),
            temporary);
  // The two files change places, which costs the disk a third of making one anew each time.
  if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) return;
  std::error_code code;  // the first beat, or a file system that cannot
  fs::rename(temporary, path, code);
  if (code) throw io_error("cannot rename " + temporary.string() + " to", path);
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

}  // namespace common

#include "launcher/dump.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "common/error.h"
#include "common/files.h"

namespace launcher {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMaxBytes = 64 << 20;  // stacks of hundreds of threads

}  // namespace

static void from_json(const nlohmann::json& json, Collective& collective) {
  json.at("sequence").get_to(collective.sequence);
  json.at("kind").get_to(collective.kind);
  json.at("what").get_to(collective.what);
  json.at("bytes").get_to(collective.bytes);
  json.at("entered_s").get_to(collective.entered_s);
  if (!json.at("left_s").is_null()) collective.left_s = json.at("left_s").get<double>();
}

static void from_json(const nlohmann::json& json, OtherWorker& other) {
  json.at("rank").get_to(other.rank);
  json.at("step").get_to(other.step);
  json.at("sequence").get_to(other.sequence);
  json.at("phase").get_to(other.phase);
  json.at("beats_stopped_s").get_to(other.beats_stopped_s);
}

static void from_json(const nlohmann::json& json, Dump& dump) {
  json.at("rank").get_to(dump.rank);
  json.at("num_workers").get_to(dump.num_workers);
  json.at("attempt").get_to(dump.attempt);
  json.at("host").get_to(dump.host);
  json.at("pid").get_to(dump.pid);
  json.at("step").get_to(dump.step);
  json.at("sequence").get_to(dump.sequence);
  json.at("phase").get_to(dump.phase);
  json.at("phase_s").get_to(dump.phase_s);
  json.at("deadline_s").get_to(dump.deadline_s);
  json.at("collectives").get_to(dump.collectives);
  json.at("others").get_to(dump.others);
}

std::vector<Dump> read_dumps(const fs::path& run_folder) {
  std::vector<Dump> dumps;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(run_folder / "dumps", code)) {
    if (entry.path().extension() != ".json") continue;
    try {
      dumps.push_back(
          nlohmann::json::parse(common::read_file(entry.path(), kMaxBytes)).get<Dump>());
    } catch (const nlohmann::json::exception& error) {
      spdlog::warn("{} is no dump of a worker: {}", entry.path().string(), error.what());
    }
  }
  std::ranges::sort(dumps, {}, &Dump::rank);
  return dumps;
}

}  // namespace launcher

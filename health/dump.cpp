#include "health/dump.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "common/files.h"

namespace health {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

constexpr size_t kMaxDumpBytes = 64 << 20;  // stacks of hundreds of threads

// Found by nlohmann-json: a pair for each struct, the same keys in both.

static void to_json(OrderedJson& json, const Collective& collective) {
  json = {{"sequence", collective.sequence},
          {"kind", collective.kind},
          {"what", collective.what},
          {"bytes", collective.bytes},
          {"entered_s", collective.entered_s}};
  json["left_s"] = collective.left_s ? OrderedJson(*collective.left_s) : OrderedJson(nullptr);
}

static void from_json(const nlohmann::json& json, Collective& collective) {
  json.at("sequence").get_to(collective.sequence);
  json.at("kind").get_to(collective.kind);
  json.at("what").get_to(collective.what);
  json.at("bytes").get_to(collective.bytes);
  json.at("entered_s").get_to(collective.entered_s);
  if (!json.at("left_s").is_null()) collective.left_s = json.at("left_s").get<double>();
}

static void to_json(OrderedJson& json, const ThreadStack& thread) {
  json = {{"name", thread.name}, {"id", thread.id}, {"frames", thread.frames}};
}

static void from_json(const nlohmann::json& json, ThreadStack& thread) {
  json.at("name").get_to(thread.name);
  json.at("id").get_to(thread.id);
  json.at("frames").get_to(thread.frames);
}

static void to_json(OrderedJson& json, const WorkerStatus& worker) {
  json = worker.heartbeat;
  json["silent_s"] = worker.silent_s;
}

static void from_json(const nlohmann::json& json, WorkerStatus& worker) {
  json.get_to(worker.heartbeat);
  json.at("silent_s").get_to(worker.silent_s);
}

static void to_json(OrderedJson& json, const Dump& dump) {
  json = dump.self;
  json["deadline_s"] = dump.deadline_s;
  json["collectives"] = dump.collectives;
  json["threads"] = dump.threads;
  json["others"] = dump.others;
}

static void from_json(const nlohmann::json& json, Dump& dump) {
  json.get_to(dump.self);
  json.at("deadline_s").get_to(dump.deadline_s);
  json.at("collectives").get_to(dump.collectives);
  json.at("threads").get_to(dump.threads);
  json.at("others").get_to(dump.others);
}

fs::path dump_path(const fs::path& run_folder, int rank) {
  return run_folder / "dumps" / fmt::format("worker-{}.json", rank);
}

void write_dump(const fs::path& run_folder, const Dump& dump) {
  const std::string text =
      OrderedJson(dump).dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
  common::make_directories(run_folder / "dumps");
  common::write_file_atomically(dump_path(run_folder, dump.self.rank), text);
}

std::vector<Dump> read_dumps(const fs::path& run_folder) {
  std::vector<Dump> dumps;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(run_folder / "dumps", code)) {
    if (entry.path().extension() != ".json") continue;
    try {
      const std::string text = common::read_file(entry.path(), kMaxDumpBytes);
      dumps.push_back(nlohmann::json::parse(text).get<Dump>());
    } catch (const nlohmann::json::exception& error) {
      spdlog::warn("{} is no dump of a worker: {}", entry.path().string(), error.what());
    }
  }
  std::ranges::sort(dumps, {}, [](const Dump& dump) { return dump.self.rank; });
  return dumps;
}

EarlierDumps::EarlierDumps(const fs::path& run_folder) : run_folder_(run_folder) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(run_folder / "dumps", code)) {
    written_[entry.path()] = entry.last_write_time(code);
  }
}

bool EarlierDumps::replaced(int rank) const {
  const fs::path path = dump_path(run_folder_, rank);
  const auto earlier = written_.find(path);
  std::error_code code;
  const auto time = fs::last_write_time(path, code);
  return !code && (earlier == written_.end() || time != earlier->second);
}

void EarlierDumps::remove_the_rest() const {
  for (const auto& [path, time] : written_) {
    std::error_code code;
    if (fs::last_write_time(path, code) == time) fs::remove(path, code);
  }
}

}  // namespace health

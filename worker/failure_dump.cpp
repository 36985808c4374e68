#include "worker/failure_dump.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/files.h"

namespace worker {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json json_of(const comm::CollectiveRecord& record) {
  return {{"sequence", record.sequence},
          {"kind", record.kind},
          {"what", record.what},
          {"bytes", record.bytes},
          {"entered_s", record.entered_s},
          {"left_s", record.left_s ? Json(*record.left_s) : Json(nullptr)}};
}

Json json_of(const ThreadStack& thread) {
  return {{"name", thread.name}, {"id", thread.id}, {"frames", thread.frames}};
}

Json json_of(const Peer& peer) {
  return {{"rank", peer.heartbeat.rank},
          {"step", peer.heartbeat.step},
          {"sequence", peer.heartbeat.sequence},
          {"phase", peer.heartbeat.phase},
          {"beats_stopped_s", peer.beats_stopped_s}};
}

template <class Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace

fs::path dump_path(const fs::path& run_folder, int rank) {
  return run_folder / "dumps" / fmt::format("worker-{}.json", rank);
}

void write_dump(const fs::path& run_folder, const FailureDump& dump) {
  const common::Heartbeat& self = dump.self;
  const Json json{{"rank", self.rank},
                  {"num_workers", self.num_workers},
                  {"host", self.host},
                  {"pid", self.pid},
                  {"attempt", self.attempt},
                  {"step", self.step},
                  {"phase", self.phase},
                  {"phase_s", self.phase_s},
                  {"deadline_s", dump.deadline_s},
                  {"sequence", self.sequence},
                  {"collectives", list_of(dump.collectives)},
                  {"threads", list_of(dump.threads)},
                  {"others", list_of(dump.others)}};
  common::make_directories(run_folder / "dumps");
  common::write_file_atomically(dump_path(run_folder, self.rank),
                                json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
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

}  // namespace worker

#include "worker/run_lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "common/error.h"
#include "worker/process.h"

namespace worker {
namespace fs = std::filesystem;
namespace {

using common::Error;
using common::ErrorKind;

/// When the process started, in clock ticks since boot; -1 if there is none, or one that is dead
/// and waits for its parent to ask. Fields 22 and 3 of /proc/PID/stat, counted behind the name,
/// which may hold spaces and brackets.
int64_t start_time_of(int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::stringstream text;
  text << file.rdbuf();
  const std::string stat = text.str();
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return -1;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  fields >> field;
  if (field == "Z" || field == "X") return -1;
  for (int i = 4; i < 22; ++i) fields >> field;
  int64_t ticks = -1;
  fields >> ticks;
  return ticks;
}

struct Owner {
  std::string host;
  int64_t pid = 0;
  int64_t start_time = 0;
};

/// None if the text is no owner: nothing was written yet, or a writer died in the middle.
std::optional<Owner> parse_owner(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    return Owner{json.at("host"), json.at("pid"), json.at("start_time")};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

bool is_alive(const Owner& owner, const struct stat& status) {
  if (owner.host == host_name()) return start_time_of(owner.pid) == owner.start_time;
  return std::time(nullptr) - status.st_mtime < RunLease::kStale_s;
}

/// Opens and locks the file that has this name now. The lock is held only while a lease is judged
/// and written; a file that was removed while we waited for it is not the lease any more.
common::FileDescriptor open_locked(const fs::path& path, struct stat& status) {
  while (true) {
    common::FileDescriptor file = common::open_file(path, O_RDWR | O_CREAT);
    if (::flock(file.get(), LOCK_EX) != 0) throw common::io_error("cannot lock", path);
    if (::fstat(file.get(), &status) != 0) throw common::io_error("cannot look at", path);
    if (status.st_nlink > 0) return file;
  }
}

}  // namespace

RunLease::RunLease(const fs::path& run_folder) : path_(run_folder / "owner.json") {
  take();
  renewer_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
}

RunLease::~RunLease() { ::unlink(path_.c_str()); }

void RunLease::take() {
  struct stat status {};
  file_ = open_locked(path_, status);
  std::string text(static_cast<size_t>(status.st_size), '\0');
  common::read_exactly(file_, text.data(), text.size(), 0, path_);
  if (const auto owner = parse_owner(text)) {
    if (is_alive(*owner, status)) {
      throw Error(ErrorKind::usage,
                  fmt::format("{} belongs to a job that is running: process {} on {}; wait for it, "
                              "end it, or choose another run.name",
                              path_.parent_path().string(), owner->pid, owner->host));
    }
    spdlog::warn("took over {}: its owner, process {} on {}, is gone", path_.parent_path().string(),
                 owner->pid, owner->host);
  }
  const nlohmann::json mine{
      {"host", host_name()}, {"pid", ::getpid()}, {"start_time", start_time_of(::getpid())}};
  const std::string bytes = mine.dump() + "\n";
  if (::ftruncate(file_.get(), 0) != 0) throw common::io_error("cannot empty", path_);
  common::write_all(file_, bytes.data(), bytes.size(), path_);
  ::flock(file_.get(), LOCK_UN);
}

void RunLease::renew(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, std::chrono::seconds(kRenew_s),
                         [&] { return stop.stop_requested(); })) {
    ::futimens(file_.get(), nullptr);
  }
}

}  // namespace worker

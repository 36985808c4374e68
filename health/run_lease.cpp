#include "health/run_lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/error.h"
#include "health/process.h"

namespace health {
namespace fs = std::filesystem;
namespace {

/// In clock ticks since boot. -1 if there is no such process, or only a zombie.
int64_t start_time_of(int64_t pid) {
  const auto state = is_alive(pid) ? process_state(pid) : std::nullopt;
  return state ? state->start_time : -1;
}

struct Owner {
  std::string host;
  int64_t pid = 0;
  int64_t start_time = 0;
};

/// None if nothing was written yet, or the writer died in the middle.
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

/// Opens and locks the file that has this name now. The lock is held only while a lease is checked
/// and written. A file that was removed while we waited for the lock is no longer the lease.
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
      throw common::usage_error(
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

}  // namespace health

#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "common/files.h"

namespace worker {

/// The right to write into a run's folder: `owner.json` names the process that has it (host, pid,
/// and the pid's start time, since pids come again). The owner renews the file's modification time;
/// an owner of this host that no longer runs, or one of another host that has not renewed for
/// kStale_s, is dead and loses the lease. Removed at the end of its life.
class RunLease {
 public:
  static constexpr int kRenew_s = 10;
  static constexpr int kStale_s = 120;

  /// Throws Error(usage), naming the owner, if another live job owns the folder; Error(io).
  explicit RunLease(const std::filesystem::path& run_folder);
  ~RunLease();
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

 private:
  void take();
  void renew(const std::stop_token& stop);

  std::filesystem::path path_;
  common::FileDescriptor file_;
  std::mutex mutex_;  // guards nothing but the sleep of renewer_
  std::condition_variable_any wake_;
  std::jthread renewer_;  // last: joined before the rest goes
};

}  // namespace worker

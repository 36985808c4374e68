#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "common/files.h"

namespace health {

/// The right to write into a run's folder. `owner.json` names the process that has it: host, pid
/// and start time, because pids are used again. The owner renews the file's modification time. An
/// owner on this host that no longer runs has lost the lease, and so has one on another host that
/// has not renewed for kStale_s. The destructor removes the file.
class RunLease {
 public:
  static constexpr int kRenew_s = 10;
  static constexpr int kStale_s = 120;

  /// Throws Error(usage), naming the owner, if another live job owns the folder; Error(io).
  explicit RunLease(const std::filesystem::path& run_folder);
  ~RunLease();

 private:
  void take();
  void renew(const std::stop_token& stop);

  std::filesystem::path path_;
  common::FileDescriptor file_;
  std::mutex mutex_;  // guards nothing but the sleep of renewer_
  std::condition_variable_any wake_;
  std::jthread renewer_;  // last: joined before the other members are destroyed
};

}  // namespace health

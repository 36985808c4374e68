#pragma once

#include <atomic>

namespace webui {

/// While it lives, SIGINT and SIGTERM set a flag instead of ending the process; the second one
/// ends it, as it would have without. One at a time in a process.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const std::atomic<bool>& requested() const;
};

}  // namespace webui

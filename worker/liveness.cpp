#include "worker/liveness.h"

#include <unistd.h>

#include <cstdlib>

#include "worker/process.h"

namespace worker {
namespace {

/// Of the worker group, as the launcher counts them.
int attempt() {
  const char* number = std::getenv("RESTORE_ATTEMPT");
  return number == nullptr ? 0 : std::atoi(number);
}

}  // namespace

void Liveness::join_run(const std::filesystem::path& run_folder, const comm::Group& group) {
  common::Heartbeat self;
  self.rank = group.rank();
  self.num_workers = group.size();
  self.host = host_name();
  self.pid = getpid();
  self.attempt = attempt();
  watchdog_.join_run(run_folder, self);
  heartbeat_.emplace(run_folder, self, progress_, collectives_);
}

}  // namespace worker

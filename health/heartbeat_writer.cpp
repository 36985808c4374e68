#include "health/heartbeat_writer.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "common/error.h"

namespace health {

Heartbeat heartbeat_of(Heartbeat self, const JobProgress& progress,
                       const std::vector<Collective>& collectives) {
  const JobProgress::Position position = progress.position();
  self.step = position.step;
  self.phase = to_string(position.phase);
  self.phase_s = position.phase_s;
  self.samples_per_s = position.samples_per_s;
  self.sequence = collectives.empty() ? 0 : collectives.back().sequence;
  return self;
}

HeartbeatWriter::HeartbeatWriter(std::filesystem::path run_folder, Heartbeat self,
                                 const JobProgress& progress, NewestCollectives collectives)
    : run_folder_(std::move(run_folder)),
      self_(std::move(self)),
      progress_(progress),
      collectives_(std::move(collectives)),
      thread_([this](const std::stop_token& stop) { beat_until(stop); }) {}

HeartbeatWriter::~HeartbeatWriter() {
  thread_.request_stop();
  thread_.join();
  beat();
}

void HeartbeatWriter::beat_until(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "heartbeat");
  std::unique_lock lock(mutex_);
  do {
    beat();
  } while (!wake_.wait_for(lock, stop, std::chrono::duration<double>(kPeriod_s),
                           [&] { return stop.stop_requested(); }));
}

void HeartbeatWriter::beat() {
  ++self_.beat;
  try {
    write_heartbeat(run_folder_, heartbeat_of(self_, progress_, collectives_()));
  } catch (const common::Error& error) {
    if (!warned_) spdlog::warn("no heartbeat of worker {}: {}", self_.rank, error.what());
    warned_ = true;
  }
}

}  // namespace health

#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "comm/flight_recorder.h"
#include "common/heartbeat.h"
#include "worker/deadline_marker.h"
#include "worker/failure_dump.h"
#include "worker/job_progress.h"
#include "worker/peer_beats.h"
#include "worker/thread_stacks.h"
#include "worker/watchdog_config.h"

namespace worker {

/// A thread that ends the job when a phase of this worker lasts longer than its deadline: says who
/// is behind, writes a dump and ends the process with 75, whatever the other threads wait for. The
/// others dump and end, too. Ends no job while the process itself did not run (Ctrl-Z, a paused
/// machine): such time does not count.
///
/// The process ends without MPI_Abort, which only the thread that started MPI may call: mpirun and
/// srun --kill-on-bad-exit end a job of which one worker ended so, stopped workers included.
class Watchdog {
 public:
  /// `rank` is for messages before `join_run`. `progress` and `collectives` must outlive this.
  Watchdog(const WatchdogConfig& config, JobProgress& progress,
           const comm::FlightRecorder& collectives, int rank);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// From here on the others' heartbeats are looked at and dumps are written.
  void join_run(std::filesystem::path run_folder, common::Heartbeat self);

 private:
  struct Run {
    std::filesystem::path folder;
    common::Heartbeat self;  // what stays the same
    DeadlineMarker marker;
  };
  void watch(const std::stop_token& stop);
  void look(double now_s);
  void look_at_peers(double now_s);
  bool has_passed(const JobProgress::Position& position, double now_s) const;
  [[noreturn]] void end_job_for_own_deadline(double now_s);
  [[noreturn]] void end_job_before_run() const;
  [[noreturn]] void end_job_with_others();
  std::string how_late() const;
  common::Heartbeat own_heartbeat() const;
  void dump(double now_s) const;
  void wait_for_other_dumps(const EarlierDumps& earlier, double now_s) const;

  const WatchdogConfig config_;
  JobProgress& progress_;
  const comm::FlightRecorder& collectives_;
  const int rank_;
  const ThreadStacks stacks_;
  std::mutex mutex_;  // guards run_; peers_ is the thread's own
  std::optional<Run> run_;
  PeerBeats peers_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace worker

#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "health/dump.h"
#include "health/heartbeat_writer.h"
#include "health/job_progress.h"
#include "health/thread_stacks.h"
#include "health/worker_status.h"

namespace health {

/// How long a phase may last: section `watchdog` of a training configuration. Seconds; 0: forever.
struct WatchdogConfig {
  int64_t start_s = 1800;
  int64_t data_s = 300;
  int64_t step_s = 600;
  int64_t validation_s = 3600;
  int64_t save_s = 1800;

  template <class F>
  void fields(F&& field) {
    field("start_s", start_s, "seconds from the start to the first step; 0: no deadline");
    field("data_s", data_s, "seconds that a worker may wait for a micro-batch; 0: no deadline");
    field("step_s", step_s, "seconds that one step may take; 0: no deadline");
    field("validation_s", validation_s, "seconds that a validation may take; 0: no deadline");
    field("save_s", save_s, "seconds that saving may take, and the end; 0: no deadline");
  }

  /// Throws Error(config) for a negative value.
  void validate() const;

  int64_t deadline_s(JobPhase phase) const;  ///< 0: none
};

/// Shows others that this worker makes progress, and ends the job when a phase lasts longer than
/// its deadline. A thread then says which worker is behind, writes a dump and ends the process with
/// 75, whatever the other threads wait for. The other workers write their dumps and end, too. Time
/// in which the process itself did not run (Ctrl-Z, a paused machine) does not count.
///
/// Construct it before the group of workers and destroy it after the group: joining and leaving the
/// group wait for other workers, too.
///
/// The process ends without MPI_Abort, which only the thread that started MPI may call: mpirun and
/// srun --kill-on-bad-exit end a job of which one worker ended so, stopped workers included.
class Watchdog {
 public:
  Watchdog(const WatchdogConfig& config, int rank, NewestCollectives collectives);
  ~Watchdog();

  JobProgress& progress() { return progress_; }

  /// From here on it writes heartbeats and, if a deadline passes, dumps into the run's folder, and
  /// watches the heartbeats of the other workers. Call after clear_heartbeats of worker 0.
  void join_run(const std::filesystem::path& run_folder, int num_workers);

 private:
  struct Run {
    std::filesystem::path folder;
    Heartbeat self;  // what stays the same
    /// Exists once a deadline has passed: its worker says who is behind, the others only dump.
    std::filesystem::path deadline_marker;
  };
  void watch(const std::stop_token& stop);
  void look(double now_s);
  void look_at_others(double now_s);
  bool has_passed(const JobProgress::Position& position, double now_s) const;
  [[noreturn]] void end_job_for_own_deadline(double now_s);
  [[noreturn]] void end_job_before_run() const;
  [[noreturn]] void end_job_with_others();
  std::string how_late() const;
  std::vector<WorkerStatus> others(double now_s) const;
  WorkerStatus self() const;
  void dump(double now_s) const;
  void wait_for_other_dumps(const EarlierDumps& earlier, double now_s) const;

  const WatchdogConfig config_;
  const int rank_;
  const NewestCollectives collectives_;
  JobProgress progress_;
  const ThreadStacks stacks_;
  std::mutex mutex_;  // guards run_
  std::optional<Run> run_;
  std::optional<HeartbeatWatch> watch_;  // of the thread; while a deadline is near
  std::condition_variable_any wake_;
  std::jthread thread_;  // joined before the members above are destroyed
  std::optional<HeartbeatWriter> writer_;
};

}  // namespace health

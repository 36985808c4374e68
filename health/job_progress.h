#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "common/clock.h"

namespace health {

/// What a worker does, as its heartbeat says it. The watchdog has a deadline for each phase.
enum class JobPhase {
  start,       ///< from the start of the program to the first step
  data,        ///< waiting for the next micro-batch
  step,        ///< one optimizer step, without waiting for data
  validation,  ///< of the averaged weights
  save,        ///< of a checkpoint; the other workers wait for worker 0 in it
  end,         ///< writing the summary and waiting for the other workers
};
const char* to_string(JobPhase phase);

/// How far a worker is. Written by the thread that trains, read by the threads that watch it.
class JobProgress {
 public:
  using Clock = std::function<double()>;

  struct Position {
    JobPhase phase = JobPhase::start;
    double phase_s = 0;  ///< how long it has lasted
    int64_t step = 0;    ///< steps done
    double samples_per_s = 0;
  };

  explicit JobProgress(Clock clock = common::steady_now_s)
      : clock_(std::move(clock)), began_s_(clock_()) {}

  /// Begins another phase, or the same one again: each step is a phase.
  void enter(JobPhase phase);

  void step_done(int64_t step, double samples_per_s);

  /// A phase within another one, for the life of this object. Its time does not count for the outer
  /// phase.
  class Inner {
   public:
    Inner(JobProgress& progress, JobPhase phase);
    ~Inner();
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

   private:
    JobProgress& progress_;
    const JobPhase outer_;
    const double outer_s_;  // how long the outer phase had lasted
  };

  /// Subtracts seconds in which the process did not run from the time of the phase.
  void leave_out(double seconds);

  Position position() const;

 private:
  void set_phase(JobPhase phase, double lasted_s);

  const Clock clock_;
  mutable std::mutex mutex_;  // guards the two below
  Position position_;         // phase_s is not kept up to date
  double began_s_;            // the phase, by clock_
};

}  // namespace health

#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "worker/step_times.h"

namespace worker {

/// What a worker is at, as its heartbeat says it and as its deadlines are kept.
enum class JobPhase {
  start,       ///< from the start of the program to the first step
  data,        ///< waiting for the next micro-batch
  step,        ///< one optimizer step, without waiting for data
  validation,  ///< of the averaged weights
  save,        ///< of a checkpoint; other workers wait for worker 0 in it
  end,         ///< the summary, and taking leave of the others
};
const char* to_string(JobPhase phase);

/// How far a worker is. Told by the thread that trains, read by those that watch it.
/// Time is the steady clock's: setting the machine's clock changes nothing.
class JobProgress {
 public:
  using Clock = std::function<double()>;

  struct Position {
    JobPhase phase = JobPhase::start;
    double phase_s = 0;  ///< how long it has lasted
    int64_t step = 0;    ///< steps done
    double samples_per_s = 0;
  };

  explicit JobProgress(Clock clock = steady_now_s) : clock_(std::move(clock)), began_s_(clock_()) {}

  /// Another phase begins, or the same one anew: each step is a phase.
  void enter(JobPhase phase);

  void step_done(int64_t step, double samples_per_s);

  /// Within a phase another one, whose time does not count for the outer one; from the making of
  /// this object to the end of its life.
  class Inner {
   public:
    Inner(JobProgress& progress, JobPhase phase);
    ~Inner();
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

   private:
    JobProgress& progress_;
    const JobPhase outer_;
    const double outer_s_;  // what it had lasted
  };

  /// Takes seconds off the time that the phase has lasted: the process did not run.
  void leave_out(double seconds);

  Position position() const;

 private:
  void set_phase(JobPhase phase, double lasted_s);

  const Clock clock_;
  mutable std::mutex mutex_;  // guards the two below
  Position position_;         // phase_s is not kept up to date
  double began_s_;            // the phase, by clock_
};

}  // namespace worker

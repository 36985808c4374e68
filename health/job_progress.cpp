#include "health/job_progress.h"

namespace health {

const char* to_string(JobPhase phase) {
  switch (phase) {
    case JobPhase::start: return "start";
    case JobPhase::data: return "data";
    case JobPhase::step: return "step";
    case JobPhase::validation: return "validation";
    case JobPhase::save: return "save";
    case JobPhase::end: return "end";
  }
  return "unknown";
}

void JobProgress::enter(JobPhase phase) { set_phase(phase, 0); }

void JobProgress::set_phase(JobPhase phase, double lasted_s) {
  const std::lock_guard lock(mutex_);
  position_.phase = phase;
  began_s_ = clock_() - lasted_s;
}

void JobProgress::step_done(int64_t step, double samples_per_s) {
  const std::lock_guard lock(mutex_);
  position_.step = step;
  position_.samples_per_s = samples_per_s;
}

void JobProgress::leave_out(double seconds) {
  const std::lock_guard lock(mutex_);
  began_s_ += seconds;
}

JobProgress::Position JobProgress::position() const {
  const std::lock_guard lock(mutex_);
  Position position = position_;
  position.phase_s = clock_() - began_s_;
  return position;
}

JobProgress::Inner::Inner(JobProgress& progress, JobPhase phase)
    : progress_(progress),
      outer_(progress.position().phase),
      outer_s_(progress.position().phase_s) {
  progress_.enter(phase);
}

JobProgress::Inner::~Inner() { progress_.set_phase(outer_, outer_s_); }

}  // namespace health

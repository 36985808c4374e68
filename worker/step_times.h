#pragma once

#include <cstdint>
#include <vector>

namespace worker {

/// What a worker does in a step.
enum class Phase {
  data,       ///< waiting for the next micro-batch
  forward,    ///< the network and the loss
  backward,   ///< gradients, added to those of the step's earlier micro-batches
  reduce,     ///< the sum over workers: nothing else goes on meanwhile; waiting for slower ones
  optimizer,  ///< norm, clipping, AdamW
  average,    ///< the average of the weights
};
const char* to_string(Phase phase);

/// Seconds of the machine's steady clock: one clock for all workers of a machine.
double steady_now_s();

struct PhaseSpan {
  Phase phase;
  double begin_s, end_s;  ///< as steady_now_s
};

/// Where the time of one worker's step went, from the making of this object to `finish`.
class StepTimes {
 public:
  /// Does `work` and returns what it returns; its time is a span of `phase`.
  template <class Work>
  auto measure(Phase phase, const Work& work) {
    const Measurement measurement{*this, phase};
    return work();
  }

  void finish() { end_s_ = steady_now_s(); }

  double begin_s() const { return begin_s_; }
  double end_s() const { return end_s_; }
  double seconds() const { return end_s_ - begin_s_; }
  double seconds(Phase phase) const;  ///< the sum of its spans

  /// In order of time; they do not overlap.
  const std::vector<PhaseSpan>& spans() const { return spans_; }

 private:
  struct Measurement {
    StepTimes& times;
    Phase phase;
    double begin_s = steady_now_s();
    ~Measurement() { times.spans_.push_back({phase, begin_s, steady_now_s()}); }
  };
  double begin_s_ = steady_now_s(), end_s_ = begin_s_;
  std::vector<PhaseSpan> spans_;
};

/// Sums over the steps of one start of a run: validation and saving lie between steps.
struct TimeTotals {
  int64_t steps = 0;
  double step_s = 0;
  double data_s = 0;    ///< of step_s, waiting for data
  double reduce_s = 0;  ///< of step_s, exposed communication

  void add(const StepTimes& times);
};

}  // namespace worker

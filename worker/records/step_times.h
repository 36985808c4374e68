// worker/records/: what a run leaves for people and programs to read: the times of its steps,
// metrics.jsonl, TensorBoard's event file, the trace and summary.json (docs/run_folder.md).
// May include common/ and device/; knows nothing of the rest of worker/. Start with run_records.h.
#pragma once

#include <cstdint>
#include <vector>

#include "common/clock.h"

namespace worker {

/// What a worker does within a step.
enum class StepPhase {
  data,       ///< waits for the next micro-batch
  forward,    ///< the network and the loss
  backward,   ///< the gradients, added to those of the step's earlier micro-batches
  reduce,     ///< sums over the workers while nothing is computed; includes waiting for slower ones
  optimizer,  ///< norm, clipping, AdamW
  ema,        ///< the moving average of the weights
};
const char* to_string(StepPhase phase);

/// A stretch of time. The clock is common::steady_now_s, which all workers of a machine share.
struct StepSpan {
  StepPhase phase;
  double begin_s, end_s;
};

/// Where the time of one worker's step went, from the construction of this object to `finish`.
class StepTimes {
 public:
  /// Returns what `work` returns, and adds a span of `phase`.
  template <class Work>
  auto measure(StepPhase phase, const Work& work) {
    const Measurement measurement{*this, phase};
    return work();
  }

  void finish() { end_s_ = common::steady_now_s(); }

  double begin_s() const { return begin_s_; }
  double end_s() const { return end_s_; }
  double seconds() const { return end_s_ - begin_s_; }
  double seconds(StepPhase phase) const;  ///< the sum of its spans

  /// In order of time; they do not overlap.
  const std::vector<StepSpan>& spans() const { return spans_; }

 private:
  struct Measurement {
    StepTimes& times;
    StepPhase phase;
    double begin_s = common::steady_now_s();
    ~Measurement() { times.spans_.push_back({phase, begin_s, common::steady_now_s()}); }
  };
  double begin_s_ = common::steady_now_s(), end_s_ = begin_s_;
  std::vector<StepSpan> spans_;
};

/// Sums over the steps since this start of the run. Validations and saves are not part of a step.
struct TimeTotals {
  int64_t steps = 0;
  double step_s = 0;
  double data_s = 0;    ///< part of step_s: waiting for data
  double reduce_s = 0;  ///< part of step_s: communication that no computation hides

  void add(const StepTimes& times);
};

}  // namespace worker

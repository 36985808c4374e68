#include "worker/records/step_times.h"

namespace worker {

const char* to_string(StepPhase phase) {
  switch (phase) {
    case StepPhase::data: return "data";
    case StepPhase::forward: return "forward";
    case StepPhase::backward: return "backward";
    case StepPhase::reduce: return "reduce";
    case StepPhase::optimizer: return "optimizer";
    case StepPhase::ema: return "ema";
  }
  return "unknown";
}

double StepTimes::seconds(StepPhase phase) const {
  double sum = 0;
  for (const StepSpan& span : spans_) {
    if (span.phase == phase) sum += span.end_s - span.begin_s;
  }
  return sum;
}

void TimeTotals::add(const StepTimes& times) {
  ++steps;
  step_s += times.seconds();
  data_s += times.seconds(StepPhase::data);
  reduce_s += times.seconds(StepPhase::reduce);
}

}  // namespace worker

#include "worker/step_times.h"

#include <chrono>

namespace worker {

const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::data: return "data";
    case Phase::forward: return "forward";
    case Phase::backward: return "backward";
    case Phase::reduce: return "reduce";
    case Phase::optimizer: return "optimizer";
    case Phase::average: return "average";
  }
  return "unknown";
}

double steady_now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double StepTimes::seconds(Phase phase) const {
  double sum = 0;
  for (const PhaseSpan& span : spans_) {
    if (span.phase == phase) sum += span.end_s - span.begin_s;
  }
  return sum;
}

void TimeTotals::add(const StepTimes& times) {
  ++steps;
  step_s += times.seconds();
  data_s += times.seconds(Phase::data);
  reduce_s += times.seconds(Phase::reduce);
}

}  // namespace worker

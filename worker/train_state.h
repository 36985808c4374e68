#pragma once

#include <cstdint>
#include <optional>

#include "checkpoints/run_state.h"
#include "worker/early_stopping.h"
#include "worker/schedule.h"

namespace worker {

/// Where a run is: with the trainer's tensors, all that a resumed run needs.
struct TrainState {
  int64_t step = 0;     ///< steps done, skipped ones included; the next one's number
  double seconds = 0;   ///< spent, over all starts of the run
  int64_t skipped = 0;  ///< steps whose gradients were not finite
  int64_t skipped_in_row = 0;
  Standing standing;
  int64_t validated_step = -1;  ///< of last_validation; -1: none yet
  ValidationResult last_validation;
};

/// Why a run, or this start of it, ended.
enum class StopReason {
  steps,     ///< all steps are done
  minutes,   ///< the time is up
  patience,  ///< validation gained nothing for too long
  signal,    ///< asked to stop; the run goes on when it is started again
};
const char* to_string(StopReason reason);

/// Why no step is left, if none is.
std::optional<StopReason> end_of_run(const TrainState& state, const ScheduleConfig& schedule,
                                     const ValidationConfig& validation);

/// What a checkpoint keeps of a TrainState, and back.
checkpoints::RunState run_state_of(const TrainState& state, const ScheduleConfig& schedule);
TrainState train_state_of(const checkpoints::RunState& state);

}  // namespace worker

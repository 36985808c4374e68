#pragma once

#include <cstdint>
#include <optional>

#include "checkpoints/run_state.h"
#include "comm/group.h"
#include "device/torch.h"
#include "worker/schedule.h"
#include "worker/train_config.h"

namespace worker {

/// Why a run, or this start of it, ended.
enum class StopReason {
  steps,     ///< all steps are done
  minutes,   ///< the time is up
  patience,  ///< validations have not improved for too long
  signal,    ///< asked to stop; the next start goes on with the run
};
const char* to_string(StopReason reason);

/// The reason if no step is left to do.
std::optional<StopReason> end_of_run(const checkpoints::RunState& state, const TrainConfig& config);

/// What the workers do after a step.
enum class Action {
  go_on,
  save,
  validate,  ///< and save; then the run may be over
  stop,      ///< save and end this start
  give_up,   ///< end with an error: too many steps in a row had gradients that were not finite
};

/// What should follow the step that is now done after `state`. `seconds` have passed since the run
/// began; `skipped`: the step's gradients are not finite.
Action next_action(const checkpoints::RunState& state, double seconds, bool skipped,
                   const TrainConfig& config);

/// What one worker brings to the agreement on a step.
struct StepReport {
  at::Tensor losses;  ///< [own_per_step], of its micro-batches
  bool asked_to_stop = false;
  // Only rank 0's count:
  double grad_norm = 0;
  double seconds = 0;  ///< since the run began
  Action action = Action::go_on;
};

/// What all workers agree on, the same bits on each.
struct ControlWord {
  double loss = 0;  ///< mean over the step's micro-batches
  double grad_norm = 0;
  double seconds = 0;
  Action action = Action::go_on;
};

/// The workers agree on a step. Rank 0 decides, but any worker may ask to stop.
/// Losses are added in the order of the micro-batches: the same sum at any number of workers. All
/// take rank 0's norm: those of two machines may differ in the last bit, and different clipping
/// would make their weights drift apart.
/// Collective: one all-reduce, and the only one of a step besides those of the gradient buckets.
ControlWord agree(comm::Group& group, const MicroBatchPlan& plan, const StepReport& own);

}  // namespace worker

// worker/: one worker of a training job, the program restore-worker.
// May include comm/, health/, device/, dataset/, model/, checkpoints/ and common/.
// Start here: job.cpp puts the parts together, training_loop.cpp is the run, train_step.cpp a step;
// records/ is what a run leaves to read.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "comm/group.h"
#include "common/command_line.h"
#include "device/choose_device.h"
#include "health/watchdog.h"
#include "worker/train_config.h"

namespace worker {

/// The options of restore-worker.
struct JobOptions {
  common::ConfigOptions config = {};
  std::string resume = "auto";           ///< auto, never, or the path of a checkpoint
  std::string init = {};                 ///< adds to the configuration: run.init
  std::vector<std::string> freeze = {};  ///< likewise: optimizer.freeze
  bool dry_run = false;       ///< check everything, print the configuration, write nothing
  bool print_config = false;  ///< print the configuration and stop

  void add_to(common::CommandLine& line);

  /// The configuration that the options name. Throws Error(config), Error(io).
  TrainConfig read_config() const;
};

/// Runs this worker's part of a job and returns the exit code: done, or requeue if asked to stop.
/// `chosen`: where this worker computes; the group is for it.
/// Collective: every worker calls it.
/// Throws Error of any kind.
int run_job(comm::Group& group, const TrainConfig& config, const JobOptions& options,
            const device::ChosenDevice& chosen, std::stop_token stop, health::Watchdog& watchdog);

}  // namespace worker

// worker/: one worker of a training job, and the composition root of `restore-worker`.
// May include common/, comm/, dataset/store, dataset/sampling, model/ and checkpoints/.
// Start here: job.cpp puts the parts together, training_loop.cpp is the run, train_step.cpp a step.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "comm/flight_recorder.h"
#include "comm/group.h"
#include "device/choose_device.h"
#include "health/watchdog.h"
#include "worker/train_config.h"

namespace worker {

struct JobOptions {
  std::string resume = "auto";       ///< auto, never, or the path of a checkpoint
  bool dry_run = false;              ///< check everything, print the configuration, write nothing
  device::ChosenDevice device = {};  ///< where this worker computes; the group is for it
};

/// Runs this worker's part of a job and returns the exit code: done, or requeue if asked to stop.
/// Tells `watchdog` what this worker does.
/// Collective: every worker calls it.
/// Throws Error of any kind.
int run_job(comm::Group& group, const TrainConfig& config, const JobOptions& options,
            std::stop_token stop, health::Watchdog& watchdog);

/// What the watchdog asks of the flight recorder, which must outlive it.
health::NewestCollectives newest_collectives(const comm::FlightRecorder& recorder);

/// Runs `body`; any error becomes a message with this worker's rank and ends all workers with its
/// exit code, so that none waits for a dead one. A GPU that fails may work after a restart: exit
/// code 75.
int end_all_on_error(comm::Group& group, const std::function<int()>& body);

}  // namespace worker

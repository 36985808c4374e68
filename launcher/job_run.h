#pragma once

#include "launcher/launch_plan.h"
#include "launcher/options.h"
#include "launcher/stop_request.h"

namespace launcher {

/// The command of the first start; what --dry-run shows. Throws as plan_launch does.
LaunchPlan plan_first_start(const Options& options, const Machine& machine, const JobFacts& job);

/// Runs a job to its end: attempt after attempt, each from the newest valid checkpoint, with fewer
/// workers if a device or a host is gone, until it is done, is asked to stop, or is not worth
/// another try. Returns the last attempt's exit code; 85 if it was asked to stop and can go on
/// later. Throws Error(usage) if there is no room for the workers, Error(io) if they cannot be
/// started.
int run_job(const Options& options, const Machine& machine, const JobFacts& job, StopRequest& stop);

}  // namespace launcher

#pragma once

#include <string>

#include "launcher/launch_plan.h"
#include "launcher/watched_signals.h"

namespace launcher {

struct JobRunOptions {
  LaunchOptions launch;         ///< worker_arguments without --resume
  std::string hosts;            ///< text of --hosts
  std::string resume;           ///< of the first start; empty: the worker's default
  int max_restarts = 10;        ///< without progress
  double stopped_after_s = 20;  ///< a worker without a sign of life for so long is stopped
};

/// The command of the first start; what --dry-run shows. Throws as plan_launch does.
LaunchPlan plan_first_start(const JobRunOptions& options, const Machine& machine,
                            const JobFacts& job);

/// Runs a job to its end: worker group after worker group, each from the newest valid checkpoint, with fewer
/// workers where a device or a host is gone, until it is done, is asked to stop, or is not worth
/// another try. Returns the last worker group's exit code; 85 if it was asked to stop and can go on later.
/// Throws Error(usage) if there is no room for the workers, Error(io) if they cannot be started.
int run_job(const JobRunOptions& options, const Machine& machine, const JobFacts& job,
            const WatchedSignals& signals);

}  // namespace launcher

#pragma once

#include <string>
#include <vector>

#include "common/command_line.h"

namespace launcher {

/// The command line of restore-launch.
struct Options {
  common::ConfigOptions config;
  std::string init;                 ///< passed on to the workers
  std::vector<std::string> freeze;  ///< passed on to the workers
  std::string resume;               ///< of the first start; empty: the worker's default
  int workers = 0;  ///< 0: as many as there are devices or tasks, and the job can use
  bool oversubscribe = false;
  std::string hosts;
  int max_restarts = 10;  ///< without progress
  double heartbeat_timeout_s = 20;
  bool dry_run = false;
  std::string status, explain;  ///< folder of a run to look at instead of launching one
  bool watch = false;
};

/// `options` must outlive `line`.
void add_options(common::CommandLine& line, Options& options);

/// What every start passes on to the workers: all but --resume.
std::vector<std::string> worker_arguments(const Options& options);

}  // namespace launcher

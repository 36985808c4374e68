#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "launcher/screen.h"
#include "launcher/stop_request.h"
#include "launcher/worker_group.h"
#include "launcher/worker_group_watch.h"

namespace launcher {

/// How an attempt ended.
struct AttemptEnd {
  int exit_code = 0;   ///< 75 if the launcher ended a worker group that hung
  std::string reason;  ///< why it died, in a sentence that names the worker if that is known
  int64_t step = -1;   ///< the furthest that a worker came; -1: none gave a sign of life
  double seconds = 0;  ///< from its start to its end
};

/// One worker group from its start to its end: started, watched, asked to stop, ended if it hangs.
class Attempt {
 public:
  /// `stop` and `screen` must outlive this. Throws Error(io) if the workers cannot be started.
  Attempt(const LaunchPlan& plan, int number, std::filesystem::path run_folder, WatchLimits limits,
          StopRequest& stop, Screen& screen);

  /// Returns when the worker group has ended and no process of it is left on this machine.
  /// Calls `on_first_step` once, when the first step after the start is done.
  AttemptEnd run(const std::function<void()>& on_first_step);

 private:
  void look_at_workers(double now_s);
  void act_on_stop_request(double now_s);
  void begin_to_end(double now_s);
  AttemptEnd end(int exit_code);

  std::filesystem::path run_folder_;
  StopRequest& stop_;
  Screen& screen_;
  double start_s_;
  WorkerGroup workers_;
  WorkerGroupWatch watch_;
  std::string hang_;  // why the launcher ended it; empty if it did not
  bool asked_to_save_ = false;
  std::optional<double> kill_at_s_;
  double next_line_s_;
};

}  // namespace launcher

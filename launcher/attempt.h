#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "launcher/worker_group.h"
#include "launcher/worker_group_watch.h"
#include "launcher/screen.h"
#include "launcher/stop_request.h"
#include "launcher/worker_output.h"

namespace launcher {

/// How a attempt ended.
struct AttemptEnd {
  int exit_code = 0;   ///< 75 where the launcher ended a worker group that hung
  std::string reason;  ///< what it died of, in a sentence that names the worker where that is known
  int64_t step = -1;   ///< the furthest that a worker came; -1: none gave a sign of life
  double seconds = 0;  ///< from its start to its end
};

/// One worker group from its start to its end: started, watched, asked to stop, ended when it hangs.
class Attempt {
 public:
  Attempt(const LaunchPlan& plan, int number, std::filesystem::path run_folder,
             WatchLimits limits, StopRequest& stop, Screen& screen);

  /// Returns when the worker group has ended and no process of it is left on this machine.
  /// `on_first_step` is called once, when the first step after its start is done.
  AttemptEnd run(const std::function<void()>& on_first_step);

 private:
  void look_at_workers(Clock::time_point now);
  void act_on_stop_request(Clock::time_point now);
  void begin_to_end(Clock::time_point now);
  AttemptEnd end(int exit_code);

  std::filesystem::path run_folder_;
  StopRequest& stop_;
  Screen& screen_;
  WorkerOutput output_;
  Clock::time_point start_;
  WorkerGroup gang_;
  WorkerGroupWatch watch_;
  std::string hang_;
  bool passed_on_ = false;
  std::optional<Clock::time_point> kill_at_;
  Clock::time_point next_line_;
};

}  // namespace launcher

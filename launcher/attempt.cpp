#include "launcher/attempt.h"

#include <spdlog/spdlog.h>

#include "common/clock.h"
#include "common/error.h"
#include "launcher/restart_policy.h"

namespace launcher {
namespace {

using common::steady_now_s;

constexpr double kLook_s = 0.5;
constexpr double kPlainLine_s = 60;
/// mpirun ends its ranks within 2 s of a SIGTERM, but waits forever for one that is stopped.
constexpr double kGrace_s = 3;
/// A signal would kill mpirun or a worker that is not ready for it yet. The launcher first waits
/// for a heartbeat of every worker, but no longer than this.
constexpr double kSignalPatience_s = 20;

}  // namespace

Attempt::Attempt(const LaunchPlan& plan, int number, std::filesystem::path run_folder,
                 WatchLimits limits, StopRequest& stop, Screen& screen)
    : run_folder_(std::move(run_folder)),
      stop_(stop),
      screen_(screen),
      start_s_(steady_now_s()),
      workers_(plan, number, screen.for_workers()),
      watch_(number, plan.workers, std::move(limits), start_s_),
      next_line_s_(start_s_ + kPlainLine_s) {}

AttemptEnd Attempt::run(const std::function<void()>& on_first_step) {
  bool stepped = false;
  double next_look_s = start_s_;
  while (true) {
    stop_.look();
    screen_.pass_on();
    const double now_s = steady_now_s();
    if (const auto code = workers_.exit_code()) return end(*code);
    if (kill_at_s_ && now_s >= *kill_at_s_) {
      workers_.kill_all();
      continue;
    }
    act_on_stop_request(now_s);
    if (now_s >= next_look_s) {
      next_look_s = now_s + kLook_s;
      look_at_workers(now_s);
      if (!stepped && watch_.has_done_a_step()) {
        stepped = true;
        on_first_step();
      }
    }
    stop_.sleep(next_look_s - steady_now_s(), screen_.to_wait_for());
  }
}

void Attempt::look_at_workers(double now_s) {
  watch_.observe(health::read_heartbeats(run_folder_), now_s);
  if (const auto why = watch_.hang(); why && !kill_at_s_) {
    hang_ = *why;
    screen_.erase();
    spdlog::error("{}; ending the worker group", hang_);
    begin_to_end(now_s);
  }
  if (screen_.is_terminal()) {
    if (!watch_.workers().empty()) screen_.draw(table_lines(watch_.workers(), screen_.style()));
  } else if (now_s >= next_line_s_) {
    next_line_s_ = now_s + kPlainLine_s;
    spdlog::info("{}", summary_line(watch_.workers()));
  }
}

void Attempt::act_on_stop_request(double now_s) {
  if (stop_.at_once() && !kill_at_s_) {
    screen_.erase();
    spdlog::warn("asked again: ending the workers at once");
    begin_to_end(now_s);
  }
  if (!stop_.asked() || asked_to_save_ || kill_at_s_) return;
  if (!watch_.all_seen() && stop_.seconds_since_asked(now_s) < kSignalPatience_s) return;
  screen_.erase();
  spdlog::info("asking the workers to save and stop");
  workers_.ask_to_save();
  asked_to_save_ = true;
}

void Attempt::begin_to_end(double now_s) {
  workers_.terminate();
  kill_at_s_ = now_s + kGrace_s;
}

AttemptEnd Attempt::end(int exit_code) {
  screen_.pass_on();
  watch_.observe(health::read_heartbeats(run_folder_), steady_now_s());  // the last steps
  AttemptEnd end{.exit_code = exit_code,
                 .reason = meaning_of_exit(exit_code),
                 .step = watch_.step(),
                 .seconds = steady_now_s() - start_s_};
  if (const std::string who = watch_.first_gone(); !who.empty() && is_worth_a_restart(exit_code))
    end.reason += "; first gone was " + who;
  if (exit_code == common::kExitDone && end.step < 0) {  // srun does this if a node starts no task
    end.exit_code = common::kExitRetryable;
    end.reason = "its command ended without a sign of life of any worker; see the messages above";
  }
  if (!hang_.empty()) {
    end.exit_code = common::kExitRetryable;
    end.reason = hang_;
  }
  return end;
}

}  // namespace launcher

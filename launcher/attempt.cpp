#include "launcher/attempt.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "common/error.h"
#include "launcher/child_process.h"
#include "launcher/exit_meaning.h"
#include "launcher/host_list.h"

namespace launcher {
namespace {

constexpr std::chrono::milliseconds kLook(500);
constexpr std::chrono::seconds kPlainLine(60);
/// mpirun ends its ranks within 2 s of a SIGTERM, but waits forever for one that is stopped.
constexpr std::chrono::seconds kGrace(3);
/// A signal that reaches mpirun or a worker before it is ready for it would kill it. All workers'
/// first signs of life are waited for, but not for longer than this.
constexpr double kSignalPatience_s = 20;

std::function<bool(const common::Heartbeat&)> gone_from_this_host() {
  return [here = own_host_name()](const common::Heartbeat& heartbeat) {
    return heartbeat.host == here && !is_alive(static_cast<pid_t>(heartbeat.pid));
  };
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Attempt::Attempt(const LaunchPlan& plan, int number, std::filesystem::path run_folder,
                       WatchLimits limits, StopRequest& stop, Screen& screen)
    : run_folder_(std::move(run_folder)),
      stop_(stop),
      screen_(screen),
      output_(screen),
      start_(Clock::now()),
      gang_(plan, number, output_.for_workers()),
      watch_(number, plan.workers, std::move(limits), start_, gone_from_this_host()),
      next_line_(start_ + kPlainLine) {
  output_.close_for_workers();
}

AttemptEnd Attempt::run(const std::function<void()>& on_first_step) {
  bool stepped = false;
  Clock::time_point next_look = start_;
  while (true) {
    stop_.look();
    output_.pass_on();
    const auto now = Clock::now();
    if (const auto code = gang_.exit_code()) return end(*code);
    if (kill_at_ && now >= *kill_at_) {
      gang_.kill_all();
      continue;
    }
    act_on_stop_request(now);
    if (now >= next_look) {
      next_look = now + kLook;
      look_at_workers(now);
      if (!stepped && watch_.has_done_a_step()) {
        stepped = true;
        on_first_step();
      }
    }
    stop_.sleep(seconds_between(Clock::now(), next_look), output_.to_wait_for());
  }
}

void Attempt::look_at_workers(Clock::time_point now) {
  watch_.observe(common::read_heartbeats(run_folder_), now);
  if (const auto why = watch_.hang(); why && !kill_at_) {
    hang_ = *why;
    screen_.erase();
    spdlog::error("{}; ending the worker group", hang_);
    begin_to_end(now);
  }
  const auto workers = watch_.workers(now);
  if (screen_.is_terminal()) {
    if (!workers.empty()) screen_.draw(table_lines(workers, screen_.style()));
  } else if (now >= next_line_) {
    next_line_ = now + kPlainLine;
    spdlog::info("{}", summary_line(workers));
  }
}

void Attempt::act_on_stop_request(Clock::time_point now) {
  if (stop_.at_once() && !kill_at_) {
    screen_.erase();
    spdlog::warn("asked again: ending the workers at once");
    begin_to_end(now);
  }
  if (!stop_.asked() || passed_on_ || kill_at_) return;
  if (!watch_.all_seen() && stop_.seconds_since_asked(now) < kSignalPatience_s) return;
  screen_.erase();
  spdlog::info("asking the workers to save and stop");
  gang_.ask_to_save();
  passed_on_ = true;
}

void Attempt::begin_to_end(Clock::time_point now) {
  gang_.terminate();
  kill_at_ = now + kGrace;
}

AttemptEnd Attempt::end(int exit_code) {
  output_.pass_on();
  watch_.observe(common::read_heartbeats(run_folder_), Clock::now());  // the last steps
  AttemptEnd end{.exit_code = exit_code,
                    .reason = meaning_of_exit(exit_code),
                    .step = watch_.step(),
                    .seconds = seconds_between(start_, Clock::now())};
  if (const std::string who = watch_.first_gone(); !who.empty() && is_worth_a_restart(exit_code))
    end.reason += "; first gone was " + who;
  if (exit_code == common::kExitDone && end.step < 0) {  // srun does so where a node starts no task
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

#include "launcher/job_run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "common/clock.h"
#include "common/error.h"
#include "launcher/attempt.h"
#include "launcher/launch_log.h"
#include "launcher/restart_policy.h"

namespace launcher {
namespace {

namespace fs = std::filesystem;

/// When something was last saved: a new checkpoint is renamed into this folder. None before the
/// first one.
std::optional<fs::file_time_type> last_save(const fs::path& run_folder) {
  std::error_code code;
  const auto time = fs::last_write_time(run_folder / "checkpoints", code);
  return code ? std::nullopt : std::optional(time);
}

LaunchOptions launch_options(const Options& options, int workers, const std::string& resume) {
  LaunchOptions launch{workers, options.oversubscribe, worker_arguments(options)};
  if (!resume.empty())
    launch.worker_arguments.insert(launch.worker_arguments.end(), {"--resume", resume});
  return launch;
}

class JobRun {
 public:
  JobRun(const Options& options, const Machine& machine, const JobFacts& job, StopRequest& stop)
      : options_(options),
        job_(job),
        log_(job.run_folder),
        policy_(options.max_restarts),
        stop_(stop),
        saved_before_(last_save(job.run_folder)),
        plan_(plan_first_start(options, machine, job)),
        wanted_workers_(plan_.workers) {}

  int run() {
    for (int number = LaunchLog::next_attempt(job_.run_folder);; ++number) {
      stop_.look();
      if (stop_.asked()) return stopped_between_attempts();
      const AttemptEnd end = run_attempt(number);
      const int code = final_code(end);
      const auto decision = decide(end, code);
      record_end(number, end, decision);
      if (!decision.restart) return say_end(code, end, decision);
      screen_.erase();
      spdlog::warn("attempt {} ended at step {} with exit code {}: {}; starting again in {:.0f} s",
                   number, end.step, end.exit_code, end.reason, decision.backoff_s);
      wait(decision.backoff_s);
      plan_ = plan_restart();
    }
  }

 private:
  AttemptEnd run_attempt(int number) {
    screen_.erase();
    spdlog::info("attempt {}: {} worker{} of {} thread{}: {}", number, plan_.workers,
                 plan_.workers == 1 ? "" : "s", plan_.threads_per_worker,
                 plan_.threads_per_worker == 1 ? "" : "s", shell_line(plan_));
    log_.append("start", {{"attempt", number},
                          {"workers", plan_.workers},
                          {"threads", plan_.threads_per_worker},
                          {"command", shell_line(plan_)}});
    WatchLimits limits{.heartbeat_timeout_s = options_.heartbeat_timeout_s,
                       .deadlines_s = job_.deadlines_s};
    limits.start_s = limits.deadlines_s["start"] + limits.margin_s;
    Attempt attempt(plan_, number, job_.run_folder, limits, stop_, screen_);
    return attempt.run([&] { record_first_step(number); });
  }

  void record_first_step(int number) {
    if (!died_at_s_) return;
    const double after_s = common::steady_now_s() - *died_at_s_;
    screen_.erase();
    spdlog::info("attempt {} goes on, {:.1f} s after the end of the one before", number, after_s);
    log_.append("first_step", {{"attempt", number}, {"after_s", after_s}});
  }

  /// A job that was asked to stop can go on later, even if its workers died over it.
  int final_code(const AttemptEnd& end) const {
    const bool can_go_on = stop_.asked() && !stop_.at_once() && is_worth_a_restart(end.exit_code);
    return can_go_on ? common::kExitRequeue : end.exit_code;
  }

  RestartPolicy::Decision decide(const AttemptEnd& end, int code) {
    died_at_s_ = common::steady_now_s();
    if (stop_.asked() || !is_worth_a_restart(code)) return {};
    return policy_.after_death(end.step, end.exit_code);
  }

  void record_end(int number, const AttemptEnd& end, const RestartPolicy::Decision& decision) {
    nlohmann::ordered_json row{{"attempt", number},          {"workers", plan_.workers},
                               {"exit_code", end.exit_code}, {"reason", end.reason},
                               {"step", end.step},           {"seconds", end.seconds},
                               {"restart", decision.restart}};
    if (decision.restart) row["backoff_s"] = decision.backoff_s;
    if (!decision.why_not.empty()) row["gave_up"] = decision.why_not;
    log_.append("end", row);
  }

  int say_end(int code, const AttemptEnd& end, const RestartPolicy::Decision& decision) {
    screen_.erase();
    const auto level = code == common::kExitDone ? spdlog::level::info : spdlog::level::warn;
    if (code != end.exit_code) {
      spdlog::log(level,
                  "the workers were asked to stop and died before all was saved ({}); exit code "
                  "{}: the same command goes on from the newest checkpoint",
                  end.reason, code);
    } else {
      spdlog::log(level, "exit code {}: {}", code, end.reason);
    }
    if (!decision.why_not.empty()) spdlog::error("giving up: {}", decision.why_not);
    return code;
  }

  int stopped_between_attempts() {
    spdlog::warn(
        "asked to stop while no worker ran; exit code {}: the same command goes on from "
        "the newest checkpoint",
        common::kExitRequeue);
    return common::kExitRequeue;
  }

  void wait(double seconds) {
    const double end_s = common::steady_now_s() + seconds;
    for (stop_.look(); !stop_.asked() && common::steady_now_s() < end_s; stop_.look())
      stop_.sleep(end_s - common::steady_now_s());
  }

  /// With what the machine and the hosts still offer.
  LaunchPlan plan_restart() {
    Machine now = find_machine(options_.hosts);
    if (!now.hosts.empty()) leave_lost_hosts_out(now);
    int workers = wanted_workers_;
    if (!options_.oversubscribe || !now.hosts.empty()) {
      const int room = std::max(1, room_for_workers(now, job_));
      if (room < wanted_workers_) workers = largest_legal_workers(job_, room);
    }
    if (workers != plan_.workers) {
      spdlog::warn("{} workers instead of {}: as many as there is room for and can share a step",
                   workers, plan_.workers);
    }
    // A checkpoint that --resume names counts until something newer is saved.
    const bool saved = last_save(job_.run_folder) != saved_before_;
    const bool named = options_.resume != "never" && options_.resume != "";
    const std::string resume = named && !saved ? options_.resume : "auto";
    return plan_launch(launch_options(options_, workers, resume), now, job_);
  }

  static void leave_lost_hosts_out(Machine& machine) {
    const std::vector<Host> there = reachable_hosts(machine.hosts);
    for (const Host& host : machine.hosts) {
      if (std::ranges::find(there, host) == there.end())
        spdlog::warn("host {} cannot be reached; going on without it", host.name);
    }
    if (!there.empty()) machine.hosts = there;
  }

  const Options& options_;
  const JobFacts& job_;
  LaunchLog log_;
  RestartPolicy policy_;
  StopRequest& stop_;
  Screen screen_{STDERR_FILENO};
  std::optional<fs::file_time_type> saved_before_;
  LaunchPlan plan_;
  int wanted_workers_;
  std::optional<double> died_at_s_;
};

}  // namespace

LaunchPlan plan_first_start(const Options& options, const Machine& machine, const JobFacts& job) {
  return plan_launch(launch_options(options, options.workers, options.resume), machine, job);
}

int run_job(const Options& options, const Machine& machine, const JobFacts& job,
            StopRequest& stop) {
  return JobRun(options, machine, job, stop).run();
}

}  // namespace launcher

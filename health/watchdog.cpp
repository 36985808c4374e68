#include "health/watchdog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "common/clock.h"
#include "common/error.h"
#include "common/files.h"
#include "health/process.h"

namespace health {
namespace {

namespace fs = std::filesystem;
using common::steady_now_s;

constexpr double kPeriod_s = 0.5;

/// A thread that wakes this late did not run, and neither did the process.
constexpr double kPaused_s = 3;

/// How long before a deadline the others are watched: N workers read N files each.
constexpr double kWatchOthers_s = 10;

/// The worker that speaks waits this long for the dumps of the others: its end ends them, too.
constexpr double kOtherDumps_s = 2;

/// The others wait to be ended, which takes about 3 seconds, so that the worker that speaks ends
/// first.
constexpr double kOthersEnd_s = 5;

/// If the dump waits for a disk that hangs, the kernel ends the process.
constexpr unsigned kLastResort_s = 15;

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// The launcher's number of this worker group.
int attempt() {
  const char* number = std::getenv("RESTORE_ATTEMPT");
  return number == nullptr ? 0 : std::atoi(number);
}

/// Creates the marker. False if another worker was first; true also if the disk takes no file:
/// better said twice than never.
bool claim(const fs::path& marker) {
  const common::FileDescriptor file(
      ::open(marker.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  return file.get() >= 0 || errno != EEXIST;
}

/// The key of a phase's deadline.
std::string deadline_key(JobPhase phase) {
  return fmt::format("watchdog.{}_s", to_string(phase == JobPhase::end ? JobPhase::save : phase));
}

}  // namespace

Watchdog::Watchdog(const WatchdogConfig& config, int rank, NewestCollectives collectives)
    : config_(config),
      rank_(rank),
      collectives_(std::move(collectives)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

Watchdog::~Watchdog() = default;

void Watchdog::join_run(const fs::path& run_folder, int num_workers) {
  Run run{run_folder, {}, run_folder / "heartbeats" / fmt::format("deadline-passed-{}", attempt())};
  run.self.rank = rank_;
  run.self.num_workers = num_workers;
  run.self.host = host_name();
  run.self.pid = getpid();
  run.self.attempt = attempt();
  writer_.emplace(run_folder, run.self, progress_, collectives_);
  const std::lock_guard lock(mutex_);
  run_ = std::move(run);
}

void Watchdog::watch(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "watchdog");
  std::unique_lock lock(mutex_);
  double before_s = common::steady_now_s();
  while (!wake_.wait_for(lock, stop, std::chrono::duration<double>(kPeriod_s),
                         [&] { return stop.stop_requested(); })) {
    const double now_s = common::steady_now_s();
    const bool was_paused = now_s - before_s > kPaused_s;
    if (was_paused) {
      progress_.leave_out(now_s - before_s);
      watch_.reset();
    }
    before_s = now_s;
    look(now_s);
    if (!run_ || ::access(run_->deadline_marker.c_str(), F_OK) != 0) continue;
    // The others have said who was behind: this worker, if it was woken up only to end.
    if (was_paused) _exit(common::kExitRetryable);
    end_job_with_others();
  }
}

void Watchdog::look(double now_s) {
  const JobProgress::Position position = progress_.position();
  const auto deadline_s = static_cast<double>(config_.deadline_s(position.phase));
  const double watch_from_s = std::max(deadline_s / 2, deadline_s - kWatchOthers_s);
  if (deadline_s > 0 && position.phase_s > watch_from_s) {
    look_at_others(now_s);
  } else {
    watch_.reset();
  }
  if (has_passed(position, now_s)) end_job_for_own_deadline(now_s);
}

void Watchdog::look_at_others(double now_s) {
  if (!run_) return;
  if (!watch_) watch_.emplace(run_->self.attempt, run_->self.num_workers);
  watch_->observe(read_heartbeats(run_->folder), now_s);
}

bool Watchdog::has_passed(const JobProgress::Position& position, double now_s) const {
  const int64_t deadline_s = config_.deadline_s(position.phase);
  if (deadline_s == 0 || position.phase_s <= static_cast<double>(deadline_s)) return false;
  return !run_ || run_->self.num_workers == 1 || (watch_ && watch_->can_tell(now_s));
}

void Watchdog::end_job_for_own_deadline(double now_s) {
  alarm(kLastResort_s);
  if (!run_) end_job_before_run();
  const EarlierDumps earlier(run_->folder);
  if (!claim(run_->deadline_marker)) end_job_with_others();
  std::vector<WorkerStatus> all = others(now_s);
  all.push_back(self());
  spdlog::error("{}: {}. All workers end; their collectives and stacks are in {}", how_late(),
                who_is_behind(all, run_->self.num_workers), (run_->folder / "dumps").string());
  dump(now_s);
  wait_for_other_dumps(earlier, now_s);
  earlier.remove_the_rest();
  _exit(common::kExitRetryable);
}

void Watchdog::end_job_before_run() const {
  let_worker_0_speak_first(rank_);
  spdlog::error("{}: the workers have not met yet; is one missing, or the store or disk away?",
                how_late());
  _exit(common::kExitRetryable);
}

void Watchdog::end_job_with_others() {
  alarm(kLastResort_s);
  const double now_s = steady_now_s();
  look_at_others(now_s);
  dump(now_s);
  sleep_s(kOthersEnd_s);
  _exit(common::kExitRetryable);
}

std::string Watchdog::how_late() const {
  const JobProgress::Position position = progress_.position();
  return fmt::format("phase {} of worker {}, after step {}, has lasted {:.1f} s of at most {} ({})",
                     to_string(position.phase), rank_, position.step, position.phase_s,
                     config_.deadline_s(position.phase), deadline_key(position.phase));
}

std::vector<WorkerStatus> Watchdog::others(double now_s) const {
  std::vector<WorkerStatus> others;
  if (watch_) others = watch_->workers(now_s);
  std::erase_if(others, [&](const WorkerStatus& worker) { return worker.heartbeat.rank == rank_; });
  return others;
}

WorkerStatus Watchdog::self() const {
  const std::vector<Collective> collectives = collectives_();
  WorkerStatus self{.heartbeat = heartbeat_of(run_->self, progress_, collectives)};
  if (!collectives.empty()) self.last = collectives.back();
  return self;
}

void Watchdog::dump(double now_s) const {
  const int64_t deadline_s = config_.deadline_s(progress_.position().phase);
  try {
    write_dump(run_->folder,
               {self().heartbeat, deadline_s, collectives_(), stacks_.take(), others(now_s)});
  } catch (const common::Error& error) {
    spdlog::warn("no dump of worker {}: {}", rank_, error.what());
  }
}

void Watchdog::wait_for_other_dumps(const EarlierDumps& earlier, double now_s) const {
  std::vector<WorkerStatus> awaited = others(now_s);
  std::erase_if(awaited, [](const WorkerStatus& worker) { return worker.silent_s >= kSilent_s; });
  const auto wrote = [&](const WorkerStatus& worker) {
    return earlier.replaced(worker.heartbeat.rank);
  };
  const double give_up_s = steady_now_s() + kOtherDumps_s;
  while (!std::ranges::all_of(awaited, wrote) && steady_now_s() < give_up_s) sleep_s(0.02);
}

void WatchdogConfig::validate() const {
  if (std::min({start_s, data_s, step_s, validation_s, save_s}) >= 0) return;
  throw common::config_error(
      "the deadlines of section watchdog are seconds, 0 or more; 0: no deadline");
}

int64_t WatchdogConfig::deadline_s(JobPhase phase) const {
  switch (phase) {
    case JobPhase::start: return start_s;
    case JobPhase::data: return data_s;
    case JobPhase::step: return step_s;
    case JobPhase::validation: return validation_s;
    case JobPhase::save:
    case JobPhase::end: return save_s;
  }
  return 0;
}

}  // namespace health

#include "worker/watchdog.h"

#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "common/error.h"
#include "worker/heartbeat_writer.h"
#include "worker/process.h"

namespace worker {
namespace {

namespace fs = std::filesystem;

constexpr double kPeriod_s = 0.5;

/// A thread that wakes this late did not run, and neither did the process.
constexpr double kPaused_s = 3;

/// How long before a deadline the others are watched: N workers read N files each.
constexpr double kWatchPeers_s = 10;

/// The worker that tells waits this long for the dumps of others, before its end ends them, too.
constexpr double kOtherDumps_s = 2;

/// Others wait for their end, which comes within about 3 seconds, so that it is the teller's.
constexpr double kOthersEnd_s = 5;

/// If a disk that hangs holds up the dump, the kernel ends the process.
constexpr unsigned kLastResort_s = 15;

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

}  // namespace

Watchdog::Watchdog(const WatchdogConfig& config, JobProgress& progress,
                   const comm::FlightRecorder& collectives, int rank)
    : config_(config),
      progress_(progress),
      collectives_(collectives),
      rank_(rank),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

Watchdog::~Watchdog() = default;

void Watchdog::join_run(fs::path run_folder, common::Heartbeat self) {
  const DeadlineMarker marker(run_folder, self.attempt);
  const std::lock_guard lock(mutex_);
  run_.emplace(Run{std::move(run_folder), std::move(self), marker});
}

void Watchdog::watch(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "watchdog");
  std::unique_lock lock(mutex_);
  double before_s = steady_now_s();
  while (!wake_.wait_for(lock, stop, std::chrono::duration<double>(kPeriod_s),
                         [&] { return stop.stop_requested(); })) {
    const double now_s = steady_now_s();
    const bool was_paused = now_s - before_s > kPaused_s;
    if (was_paused) {
      progress_.leave_out(now_s - before_s);
      peers_.forget();
    }
    before_s = now_s;
    look(now_s);
    if (!run_ || !run_->marker.is_there()) continue;
    if (was_paused) _exit(common::kExitRetryable);  // woken up to end: the others have told of it
    end_job_with_others();
  }
}

void Watchdog::look(double now_s) {
  const JobProgress::Position position = progress_.position();
  const auto deadline_s = static_cast<double>(config_.deadline_s(position.phase));
  const double watch_from_s = std::max(deadline_s / 2, deadline_s - kWatchPeers_s);
  if (deadline_s > 0 && position.phase_s > watch_from_s) {
    look_at_peers(now_s);
  } else {
    peers_.forget();
  }
  if (has_passed(position, now_s)) end_job_for_own_deadline(now_s);
}

void Watchdog::look_at_peers(double now_s) {
  if (run_) peers_.see(run_->self, common::read_heartbeats(run_->folder), now_s);
}

bool Watchdog::has_passed(const JobProgress::Position& position, double now_s) const {
  const int64_t deadline_s = config_.deadline_s(position.phase);
  if (deadline_s == 0 || position.phase_s <= static_cast<double>(deadline_s)) return false;
  return !run_ || run_->self.num_workers == 1 || peers_.can_tell(now_s);
}

void Watchdog::end_job_for_own_deadline(double now_s) {
  alarm(kLastResort_s);
  if (!run_) end_job_before_run();
  const EarlierDumps earlier(run_->folder);
  if (!run_->marker.claim()) end_job_with_others();
  spdlog::error("{}: {}. All workers end; their collectives and stacks are in {}", how_late(),
                who_is_behind(own_heartbeat(), peers_.peers(now_s)),
                (run_->folder / "dumps").string());
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
  look_at_peers(now_s);
  dump(now_s);
  sleep_s(kOthersEnd_s);
  _exit(common::kExitRetryable);
}

std::string Watchdog::how_late() const {
  const JobProgress::Position position = progress_.position();
  return fmt::format("phase {} of worker {}, after step {}, has lasted {:.1f} s of at most {} ({})",
                     to_string(position.phase), rank_, position.step, position.phase_s,
                     config_.deadline_s(position.phase), WatchdogConfig::key_of(position.phase));
}

common::Heartbeat Watchdog::own_heartbeat() const {
  return heartbeat_of(run_->self, progress_, collectives_);
}

void Watchdog::dump(double now_s) const {
  const int64_t deadline_s = config_.deadline_s(progress_.position().phase);
  try {
    write_dump(run_->folder, {own_heartbeat(), deadline_s, collectives_.newest(), stacks_.take(),
                              peers_.peers(now_s)});
  } catch (const common::Error& error) {
    spdlog::warn("no dump of worker {}: {}", rank_, error.what());
  }
}

void Watchdog::wait_for_other_dumps(const EarlierDumps& earlier, double now_s) const {
  std::vector<Peer> awaited = peers_.peers(now_s);
  std::erase_if(awaited,
                [](const Peer& peer) { return peer.beats_stopped_s >= PeerBeats::kStopped_s; });
  const double give_up_s = steady_now_s() + kOtherDumps_s;
  const auto wrote = [&](const Peer& peer) { return earlier.replaced(peer.heartbeat.rank); };
  while (!std::ranges::all_of(awaited, wrote) && steady_now_s() < give_up_s) sleep_s(0.02);
}

}  // namespace worker

#include "launcher/restart_policy.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "common/error.h"

namespace launcher {
namespace {

/// OpenMPI 4.1 ends with this code when one of its daemons on another host is gone.
constexpr int kMpirunLostAHost = 205;

}  // namespace

std::string meaning_of_exit(int code) {
  switch (code) {
    case common::kExitDone: return "the job is done";
    case common::kExitUsage:
      return "the command line asks for something impossible; see the message above";
    case common::kExitBadData:
      return "a file does not hold what its format promises; see the message above";
    case common::kExitInternal:
      return "training diverged or the program made a mistake: starting again would only meet it "
             "again; see the message above";
    case common::kExitIo: return "the operating system refused a file; see the message above";
    case common::kExitRetryable:
      return "a worker failed or could not be reached; starting again may help";
    case common::kExitBadConfig: return "the configuration is wrong; see the message above";
    case common::kExitRequeue:
      return "the job was asked to stop and has saved; the same command goes on from there";
    case kMpirunLostAHost:
      return "mpirun lost the connection to a host: its machine is down or its network is cut; see "
             "the host's name above";
  }
  if (code > 128 && code <= 128 + SIGRTMAX) {
    const int number = code - 128;
    const std::string who = number == SIGKILL ? " (out of memory, or somebody's kill -9)" : "";
    return "a worker was ended by signal " + std::to_string(number) + ", " + strsignal(number) +
           who;
  }
  return "a worker, or what started it, failed; see the messages above";
}

bool is_worth_a_restart(int code) {
  switch (code) {
    case common::kExitDone:
    case common::kExitRequeue:
    case common::kExitUsage:
    case common::kExitBadData:
    case common::kExitInternal:
    case common::kExitBadConfig: return false;
    default: return true;
  }
}

RestartPolicy::Decision RestartPolicy::after_death(int64_t step, int exit_code) {
  if (step > best_step_) without_progress_ = 0;
  best_step_ = std::max(best_step_, step);
  same_deaths_ = step == last_step_ && exit_code == last_code_ ? same_deaths_ + 1 : 1;
  last_step_ = step;
  last_code_ = exit_code;

  Decision decision;
  if (without_progress_ >= max_restarts_) {
    decision.why_not = fmt::format("{} restarts without progress (--max-restarts {})",
                                   without_progress_, max_restarts_);
    return decision;
  }
  if (same_deaths_ >= kCrashLoop) {
    decision.why_not = fmt::format(
        "a crash loop: {} times in a row it died with exit code {} after step {}; look for the "
        "cause in the workers' messages before you start it again",
        same_deaths_, exit_code, step);
    return decision;
  }
  decision.restart = true;
  decision.backoff_s = std::min(kLongestBackoff_s, kFirstBackoff_s * std::exp2(without_progress_));
  ++without_progress_;
  return decision;
}

}  // namespace launcher

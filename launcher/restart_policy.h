#pragma once

#include <cstdint>
#include <string>

namespace launcher {

/// What an exit code of a worker group means, in a sentence for a person.
std::string meaning_of_exit(int code);

/// False if the job is done or has saved (0, 85), or if another start would only meet the same
/// mistake (64, 65, 70, 78).
bool is_worth_a_restart(int code);

/// Decides whether, and when, a worker group that has died is started again.
///
/// Progress is a step that no earlier attempt has reached. Restarts are counted since the last
/// progress, and the pause before them doubles from 1 s to a minute.
class RestartPolicy {
 public:
  static constexpr double kFirstBackoff_s = 1, kLongestBackoff_s = 60;
  static constexpr int kCrashLoop = 3;  ///< deaths in a row with one exit code after one step

  explicit RestartPolicy(int max_restarts) : max_restarts_(max_restarts) {}

  struct Decision {
    bool restart = false;
    double backoff_s = 0;
    std::string why_not;  ///< for a person, if it is not started again
  };

  /// After a death at `step` (the furthest that a worker came; -1 if none did) with this exit code.
  Decision after_death(int64_t step, int exit_code);

 private:
  int max_restarts_;
  int64_t best_step_ = -1;
  int without_progress_ = 0;
  int64_t last_step_ = -1;
  int last_code_ = -1;
  int same_deaths_ = 0;
};

}  // namespace launcher

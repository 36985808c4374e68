#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace common {

/// Progress for people: one live line on a terminal, a plain line now and then elsewhere (stderr).
class Progress {
 public:
  /// `total` units are to be done (0: unknown); plain lines come at most every `plain_interval_s`.
  Progress(std::string what, std::string unit, int64_t total, double plain_interval_s = 10);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` units are done; `detail` follows the rate and the time left. Cheap: it prints at most
  /// ten times a second.
  void update(int64_t done, const std::string& detail = {});

  /// Ends the live line with a last state; later updates are ignored. The destructor does the same
  /// without text.
  void finish(const std::string& detail = {});

  /// Clears the live line so that a log line can be written; the next update draws it again.
  void pause();

 private:
  std::string line(const std::string& detail) const;
  std::string what_, unit_;
  int64_t total_, done_ = 0, start_done_ = -1;
  double plain_interval_s_;
  bool terminal_, finished_ = false, drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_print_;
};

/// "1 h 05 min", "3 min 20 s", "12 s".
std::string duration_text(double seconds);

/// True where a person looks at stderr and allows escape codes.
bool is_terminal(int fd);

}  // namespace common

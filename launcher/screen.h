#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "launcher/worker_table.h"

namespace launcher {

/// What a person sees: on a terminal a table that is redrawn in place with everything else above
/// it; elsewhere plain lines one after the other.
class Screen {
 public:
  /// Writes to this file, stdout or stderr, which stays open for longer than the screen lives.
  explicit Screen(int fd);
  ~Screen();  // leaves the last table standing
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  bool is_terminal() const { return terminal_; }
  TableStyle style() const;  ///< as wide and high as the terminal is now

  /// Replaces the table; elsewhere than on a terminal, prints it.
  void draw(const std::vector<std::string>& lines);

  /// Takes the table away, so that a log line can be written.
  void erase();

  /// Text of others, in pieces as they come: whole lines are written above the table.
  void pass_on(std::string_view text);

 private:
  void write(std::string_view text);
  int fd_;
  bool terminal_;
  std::vector<std::string> table_;
  size_t drawn_lines_ = 0;
  std::string unfinished_line_;
};

}  // namespace launcher

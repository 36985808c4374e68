#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/files.h"
#include "launcher/worker_table.h"

namespace launcher {

/// What a person sees: on a terminal a table that is redrawn in place with everything else above
/// it; elsewhere plain lines one after the other.
class Screen {
 public:
  /// Writes to this file, stdout or stderr, which must stay open. Throws Error(io).
  explicit Screen(int fd);
  ~Screen();  // leaves the last table on the screen

  bool is_terminal() const { return terminal_; }
  TableStyle style() const;  ///< as wide and high as the terminal is now

  /// Replaces the table; elsewhere than on a terminal, prints it.
  void draw(const std::vector<std::string>& lines);

  /// Takes the table away, so that a log line can be written.
  void erase();

  /// Where the workers are to write: on a terminal into a pipe, whose lines then appear above the
  /// table; -1 elsewhere: to the launcher's own stdout and stderr.
  int for_workers() const { return write_end_.get(); }
  int to_wait_for() const { return read_end_.get(); }  ///< readable once they have; -1: none

  /// Writes what the workers have written; does not wait.
  void pass_on();

 private:
  void write(std::string_view text);
  void write_above_table(std::string_view text);
  int fd_;
  bool terminal_;
  std::vector<std::string> table_;
  size_t drawn_lines_ = 0;
  common::FileDescriptor read_end_, write_end_;
  std::string unfinished_line_;
};

}  // namespace launcher

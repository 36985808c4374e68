#pragma once

#include "common/files.h"
#include "launcher/screen.h"

namespace launcher {

/// What the workers of a worker group say. Under a table it comes through a pipe and is written above it;
/// elsewhere the workers write to the launcher's own stdout and stderr.
class WorkerOutput {
 public:
  /// Throws Error(io).
  explicit WorkerOutput(Screen& screen);

  int for_workers() const { return write_end_.get(); }  ///< -1: the launcher's own
  int to_wait_for() const { return read_end_.get(); }   ///< -1: none

  /// After the workers have inherited their end: only their deaths close it then.
  void close_for_workers() { write_end_ = common::FileDescriptor(); }

  /// Writes what has come; does not wait.
  void pass_on();

 private:
  Screen& screen_;
  common::FileDescriptor read_end_, write_end_;
};

}  // namespace launcher

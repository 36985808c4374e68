#pragma once

#include <csignal>
#include <string>
#include <vector>

namespace health {

/// Where one thread of a process is.
struct ThreadStack {
  std::string name;                 ///< as the kernel has it, at most 15 characters
  int id = 0;                       ///< of the thread, as `ps -T` and gdb show it
  std::vector<std::string> frames;  ///< "function+0x12 (object)", the innermost first
};

/// Asks each thread of this process, by a signal, where it is. One object at a time; it uses one
/// real-time signal for its life.
class ThreadStacks {
 public:
  /// Allocates all that the signal handler needs.
  ThreadStacks();
  ~ThreadStacks();  // gives the signal back
  ThreadStacks(const ThreadStacks&) = delete;
  ThreadStacks& operator=(const ThreadStacks&) = delete;

  /// The stacks of all threads but the calling one. Takes at most a second: a thread that waits in
  /// the kernel for a disk does not answer and has no frames. Call it only when the process is
  /// about to end: system calls of other threads may fail with EINTR.
  std::vector<ThreadStack> take() const;

 private:
  struct sigaction before_ {};
};

}  // namespace health

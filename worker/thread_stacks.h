#pragma once

#include <csignal>
#include <string>
#include <vector>

namespace worker {

/// Where one thread of this process is.
struct ThreadStack {
  std::string name;                 ///< as the kernel has it, at most 15 characters
  int id = 0;                       ///< of the thread, as `ps -T` and gdb show it
  std::vector<std::string> frames;  ///< "function+0x12 (object)", the innermost first
};

/// Makes the threads of this process able to say where they are, when a signal asks each of them.
/// One at a time; takes one real-time signal for its life.
class ThreadStacks {
 public:
  /// Allocates all that the signal's handler needs.
  ThreadStacks();
  ~ThreadStacks();  // gives the signal back
  ThreadStacks(const ThreadStacks&) = delete;
  ThreadStacks& operator=(const ThreadStacks&) = delete;

  /// The stacks of all threads but the calling one. Takes at most a second: a thread that does not
  /// answer, because it waits in the kernel for a disk, has no frames. System calls that other
  /// threads wait in may end early, with EINTR: for a process that is about to end.
  std::vector<ThreadStack> take() const;

 private:
  struct sigaction before_ {};
};

}  // namespace worker

#include "launcher/worker_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "common/error.h"

namespace launcher {

WorkerOutput::WorkerOutput(Screen& screen) : screen_(screen) {
  if (!screen.is_terminal()) return;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw common::io_error("cannot make a pipe for", "the workers");
  read_end_ = common::FileDescriptor(ends[0]);
  write_end_ = common::FileDescriptor(ends[1]);
  fcntl(read_end_.get(), F_SETFL, O_NONBLOCK);
}

void WorkerOutput::pass_on() {
  std::array<char, 4096> text;
  while (read_end_.get() >= 0) {
    const ssize_t got = read(read_end_.get(), text.data(), text.size());
    if (got < 0) return;  // nothing now
    if (got == 0) {       // all writers are gone: nothing to wait for any more
      read_end_ = common::FileDescriptor();
      return;
    }
    screen_.pass_on(std::string_view(text.data(), static_cast<size_t>(got)));
  }
}

}  // namespace launcher

#include "launcher/screen.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "common/error.h"
#include "common/progress.h"

namespace launcher {

Screen::Screen(int fd) : fd_(fd), terminal_(common::is_terminal(fd)) {
  if (!terminal_) return;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw common::io_error("cannot make a pipe for", "the workers");
  read_end_ = common::FileDescriptor(ends[0]);
  write_end_ = common::FileDescriptor(ends[1]);
  fcntl(read_end_.get(), F_SETFL, O_NONBLOCK);
}

Screen::~Screen() {
  if (!unfinished_line_.empty()) write_above_table("\n");
}

TableStyle Screen::style() const {
  if (!terminal_) return {.columns = 200, .rows = 4096};
  winsize size{};
  TableStyle style{.colours = std::getenv("NO_COLOR") == nullptr};
  if (ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.columns = size.ws_col;
    style.rows = static_cast<size_t>(std::max(1, size.ws_row - 6));
  }
  return style;
}

void Screen::draw(const std::vector<std::string>& lines) {
  erase();
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  write(text);
  table_ = lines;
  drawn_lines_ = lines.size();
}

void Screen::erase() {
  if (terminal_ && drawn_lines_ > 0) write(fmt::format("\x1b[{}A\r\x1b[J", drawn_lines_));
  drawn_lines_ = 0;
}

void Screen::pass_on() {
  std::array<char, 4096> text;
  ssize_t got = 0;
  while ((got = read(read_end_.get(), text.data(), text.size())) > 0)
    write_above_table(std::string_view(text.data(), static_cast<size_t>(got)));
}

void Screen::write_above_table(std::string_view text) {
  unfinished_line_ += text;
  const size_t end = unfinished_line_.rfind('\n');
  if (end == std::string::npos) return;
  const bool had_table = drawn_lines_ > 0;
  erase();
  write(std::string_view(unfinished_line_).substr(0, end + 1));
  unfinished_line_.erase(0, end + 1);
  if (terminal_ && had_table) draw(std::vector<std::string>(table_));
}

void Screen::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // nobody reads any more; the job goes on
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace launcher

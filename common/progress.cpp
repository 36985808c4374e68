#include "common/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "common/printable.h"

namespace common {
namespace {

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

constexpr double kLiveInterval_s = 0.1;

}  // namespace

bool is_terminal(int fd) {
  const char* term = std::getenv("TERM");
  return ::isatty(fd) != 0 && term != nullptr && std::string(term) != "dumb";
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

Progress::Progress(std::string what, std::string unit, int64_t total, double plain_interval_s)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      plain_interval_s_(plain_interval_s),
      terminal_(is_terminal(STDERR_FILENO)),
      start_(std::chrono::steady_clock::now()),
      last_print_(start_) {
  if (terminal_) last_print_ -= std::chrono::seconds(1);  // who looks sees the first update at once
}

Progress::~Progress() { finish(); }

std::string Progress::line(const std::string& detail) const {
  // The rate counts from the first update, so that what was done before a resume is not credited.
  const double elapsed_s = seconds_since(start_);
  const double rate = elapsed_s > 0 ? static_cast<double>(done_ - start_done_) / elapsed_s : 0;
  std::string text = total_ > 0 ? fmt::format("{} {}/{} {}", what_, done_, total_, unit_)
                                : fmt::format("{} {} {}", what_, done_, unit_);
  if (rate > 0) text += fmt::format("  {:.3g} {}/s", rate, unit_);
  if (rate > 0 && total_ > done_) {
    text += "  " + duration_text(static_cast<double>(total_ - done_) / rate) + " left";
  }
  if (!detail.empty()) text += "  " + printable(detail);
  return text;
}

void Progress::update(int64_t done, const std::string& detail) {
  if (finished_) return;
  if (start_done_ < 0) start_done_ = done > 1 ? done : 0;
  done_ = done;
  if (seconds_since(last_print_) < (terminal_ ? kLiveInterval_s : plain_interval_s_)) return;
  last_print_ = std::chrono::steady_clock::now();
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line(detail).c_str());
  std::fflush(stderr);
  drawn_ = terminal_;
}

void Progress::pause() {
  if (!drawn_) return;
  std::fprintf(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

void Progress::finish(const std::string& detail) {
  if (finished_) return;
  finished_ = true;
  if (detail.empty()) {
    if (drawn_) std::fprintf(stderr, "\n");
    return;
  }
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s %s (%s)\n" : "%s %s (%s)\n", what_.c_str(),
               detail.c_str(), duration_text(seconds_since(start_)).c_str());
}

}  // namespace common

#include "imaging/metadata/exiftool.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <future>
#include <random>
#include <sstream>
#include <string_view>

#include "common/error.h"

namespace imaging {
namespace {

constexpr int kSilenceMs = 120'000;          // of a process that hangs, or of a very slow disk
constexpr int kGraceMs = 2000;               // to end what it is at, after a stop
constexpr int kGlanceMs = 100;               // how often it looks for a stop
constexpr rlim_t kMemoryBytes = 4ULL << 30;  // a broken file must not take all there is
constexpr char kInstall[] =
    "install it anew (Debian: libimage-exiftool-perl), or run scripts/setup";

std::string find_program() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/exiftool";
    std::error_code absent;
    if (std::filesystem::is_regular_file(program, absent) && access(program.c_str(), X_OK) == 0) {
      return program;
    }
  }
  throw common::config_error(std::string("no exiftool in PATH, which copies what a photograph says "
                                         "beside its pixels: ") +
                             kInstall);
}

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become_exiftool(char* const* argv, char* const* environment, int socket,
                                  pid_t parent) {
  setpgid(0, 0);  // Ctrl-C is for us
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit memory{kMemoryBytes, kMemoryBytes};
  setrlimit(RLIMIT_AS, &memory);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(socket, fd);
  if (getppid() == parent) execve(argv[0], argv, environment);
  _exit(127);
}

/// Our environment without what a user of Perl may have set for programs of their own; it would
/// change what exiftool reads and prints.
std::vector<char*> without_perl_options() {
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const auto names = {"PERL5OPT=", "PERL5DB=", "PERLIO=", "PERL_UNICODE="};
    if (std::none_of(names.begin(), names.end(),
                     [&](const char* name) { return text.starts_with(name); })) {
      environment.push_back(*variable);
    }
  }
  environment.push_back(nullptr);
  return environment;
}

/// A line of the file of arguments that exiftool reads. Only a name can hold a newline.
std::string argument_line(const std::string& argument) {
  if (std::none_of(argument.begin(), argument.end(),
                   [](char c) { return static_cast<unsigned char>(c) < ' '; })) {
    return argument + '\n';
  }
  std::string line = "#[CSTR]";
  for (const char c : argument) {
    if (c == '\n' || c == '\r') {
      line += c == '\n' ? "\\n" : "\\r";
    } else {
      if (c == '\\' || c == '"') line += '\\';
      line += c;
    }
  }
  return line + '\n';
}

/// To a process that may have ended: then there is no answer.
void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

/// What exiftool leaves beside a file if it ends while it writes it.
void remove_unfinished(const std::string& file) { ::unlink((file + "_exiftool_tmp").c_str()); }

}  // namespace

ExifTool::ExifTool() : program_(find_program()) {
  try {
    run({"-ver"});
  } catch (const common::Error& error) {
    throw common::config_error(program_ +
                               " does not run, which copies what a photograph says "
                               "beside its pixels (" +
                               error.what() + ")");
  }
}

ExifTool::~ExifTool() { end(); }

void ExifTool::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw common::io_error("cannot make a socket to", program_);
  }
  socket_ = common::FileDescriptor(ends[0]);
  const common::FileDescriptor other(ends[1]);
  // No configuration of the user's: it could change what the options mean.
  std::vector<std::string> words = {
      program_, "-config",          "",         "-stay_open", "True", "-@",
      "-",      "-common_args",     "-charset", "UTF8",       "-api", "LargeFileSupport=1",
      "-api",   "Compact=NoPadding"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> environment = without_perl_options();
  // The kernel ends exiftool with the thread that forked it: one that does nothing else.
  std::promise<pid_t> forked;
  parent_ = std::thread([&, parent = getpid(), end = other.get()] {
    const pid_t process = fork();
    if (process == 0) become_exiftool(argv.data(), environment.data(), end, parent);
    const pid_t started = process < 0 ? -errno : process;
    forked.set_value(started);
    siginfo_t ended{};
    if (started > 0) waitid(P_PID, static_cast<id_t>(started), &ended, WEXITED | WNOWAIT);
  });
  process_ = forked.get_future().get();
  if (process_ > 0) return;
  errno = -process_;
  process_ = 0;
  parent_.join();
  throw common::io_error("cannot start", program_);
}

void ExifTool::end() {
  if (process_ == 0) return;
  kill(process_, SIGKILL);
  parent_.join();
  waitpid(process_, nullptr, 0);
  process_ = 0;
  socket_ = {};
}

ExifTool::Outcome ExifTool::converse(const std::string& request, const std::string& end_mark,
                                     const std::stop_token& stop, std::string& answer) {
  answer.clear();
  int silent_ms = 0, stopped_ms = 0;
  send_all(socket_.get(), request);
  char bytes[65536];
  while (!answer.ends_with('\n' + end_mark) && answer != end_mark) {
    pollfd readable{socket_.get(), POLLIN, 0};
    const bool is_silent = poll(&readable, 1, kGlanceMs) <= 0;  // -1: a signal came
    silent_ms = is_silent ? silent_ms + kGlanceMs : 0;
    if (stop.stop_requested()) stopped_ms += kGlanceMs;
    if (silent_ms >= kSilenceMs) return Outcome::silent;
    if (stopped_ms >= kGraceMs) return Outcome::stopped;
    if (is_silent) continue;
    const ssize_t count = recv(socket_.get(), bytes, sizeof bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Outcome::ended;
    answer.append(bytes, static_cast<size_t>(count));
  }
  answer.resize(answer.size() - end_mark.size());
  return Outcome::answered;
}

std::vector<std::string> ExifTool::run(const std::vector<std::string>& arguments,
                                       const std::stop_token& stop) {
  // A number that no picture can know: what it says cannot look like the end of the answer.
  const std::string number = std::to_string(std::random_device{}());
  std::string request;
  for (const std::string& argument : arguments) request += argument_line(argument);
  request += "-execute" + number + '\n';
  std::string answer;
  const std::lock_guard lock(mutex_);
  for (int attempt = 0;; ++attempt) {
    if (process_ == 0) start();
    const Outcome outcome = converse(request, "{ready" + number + "}\n", stop, answer);
    if (outcome == Outcome::answered) break;
    end();
    remove_unfinished(arguments.back());
    if (outcome == Outcome::stopped) {
      throw common::Error(common::ErrorKind::io, "exiftool was stopped over " + arguments.back());
    }
    if (outcome == Outcome::ended && attempt == 0) continue;
    throw common::corrupt_error(
        "exiftool " +
        std::string(outcome == Outcome::silent ? "said nothing for two minutes"
                                               : "ended without an answer") +
        (answer.empty() ? "" : ": " + answer.substr(0, 200)) + "; " + kInstall);
  }
  std::vector<std::string> lines;
  std::istringstream text(answer);
  for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
  return lines;
}

std::string ExifTool::path_argument(const std::filesystem::path& file) {
  return std::filesystem::absolute(file).string();
}

}  // namespace imaging

#include "common/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>

#include "common/error.h"
#include "common/printable.h"

namespace common {
namespace {

/// Another file that is opened would get the number of a stream that the caller has closed, and
/// what is printed.
void open_closed_streams() {
  while (true) {
    const int next = ::open("/dev/null", O_RDWR);
    if (next < 0 || next > STDERR_FILENO) {
      if (next >= 0) ::close(next);
      return;
    }
  }
}

}  // namespace

const char* const kVersion = RESTORE_VERSION;

Option& Option::placeholder(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::repeatable() {
  option_->allow_extra_args(false);
  return *this;
}

Option& Option::separated_by(char delimiter) {
  option_->delimiter(delimiter);
  return *this;
}

Option& Option::between(double lowest, double highest) {
  option_->check(CLI::Range(lowest, highest));
  return *this;
}

Option& Option::one_of(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

Option& Option::existing_file() {
  option_->check(CLI::ExistingFile);
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::needs(const Option& other) {
  option_->needs(other.option_);
  return *this;
}

CommandLine::CommandLine(const std::string& name, const std::string& purpose)
    : name_(name), app_(std::make_unique<CLI::App>(purpose, name)) {
  app_->set_version_flag("--version", kVersion);
}

CommandLine::~CommandLine() = default;

namespace {

/// Empty, or what is wrong with a number: CLI11 takes -1 for the largest unsigned one, 010 for 8,
/// and "nan".
template <class Number>
std::string fault_of_number(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const bool is_finite =
      !std::is_floating_point_v<Number> || std::isfinite(static_cast<double>(number));
  if (error == std::errc() && rest == end && is_finite) return "";
  return "'" + text + "' is no " +
         (std::is_floating_point_v<Number> ? "number"
          : std::is_unsigned_v<Number>     ? "whole number from 0 to 18446744073709551615"
                                           : "whole number of this range");
}

/// Empty, or that an option stands where the value of another is missing.
std::string fault_of_value(const std::string& text) {
  if (!text.starts_with("--")) return "";
  return "its value is missing: '" + text + "' looks like an option (a file of that name: './" +
         text + "')";
}

template <class T>
struct NumberOf {
  using Type = T;
};
template <class T>
struct NumberOf<std::optional<T>> {
  using Type = T;
};

}  // namespace

template <class T>
Option CommandLine::add(const std::string& names, T& value, const std::string& help) {
  if constexpr (std::is_same_v<T, bool>) {
    return Option(app_->add_flag(names, value, help));
  } else {
    CLI::Option* option = app_->add_option(names, value, help);
    using Number = typename NumberOf<T>::Type;
    if constexpr (std::is_arithmetic_v<Number>) {
      option->check(fault_of_number<Number>);
    } else if (!option->get_positional()) {  // after '--' a positional may begin with it
      option->check(fault_of_value);
    }
    return Option(option);
  }
}

using Path = std::filesystem::path;
template Option CommandLine::add(const std::string&, bool&, const std::string&);
template Option CommandLine::add(const std::string&, int&, const std::string&);
template Option CommandLine::add(const std::string&, int64_t&, const std::string&);
template Option CommandLine::add(const std::string&, uint64_t&, const std::string&);
template Option CommandLine::add(const std::string&, double&, const std::string&);
template Option CommandLine::add(const std::string&, std::string&, const std::string&);
template Option CommandLine::add(const std::string&, Path&, const std::string&);
template Option CommandLine::add(const std::string&, std::optional<int64_t>&, const std::string&);
template Option CommandLine::add(const std::string&, std::optional<double>&, const std::string&);
template Option CommandLine::add(const std::string&, std::vector<std::string>&, const std::string&);
template Option CommandLine::add(const std::string&, std::vector<Path>&, const std::string&);

Option CommandLine::add_parsed(const std::string& names, const std::string& default_text,
                               const std::string& help,
                               const std::function<void(const std::string&)>& parse) {
  CLI::Option* option = app_->add_option_function<std::string>(names, parse, help);
  option->default_str(default_text);
  return Option(option);
}

Option CommandLine::add_config(ConfigOptions& options) {
  add("--set", options.overrides, "override one value of the configuration")
      .placeholder("section.key=value")
      .repeatable();
  return add("--config", options.path, "YAML file with the configuration").placeholder("FILE");
}

void CommandLine::footer(const std::string& text) { app_->footer(text); }

void CommandLine::rename(const std::string& name) { name_ = name; }

int CommandLine::run(int argc, char** argv, const std::function<int()>& body,
                     const std::function<std::string()>& who) {
  const auto complain = [&](const char* kind, const char* message) {
    const std::string name = who ? name_ + " " + who() : name_;
    std::fprintf(stderr, "%s: %s error: %s\n", name.c_str(), kind, printable(message).c_str());
  };
  open_closed_streams();
  std::signal(SIGPIPE,
              SIG_IGN);  // a reader of what is printed that leaves, such as head, ends nothing
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then an error of write(2), with a message
  try {
    app_->parse(argc, argv);
    return body();
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app_->exit(error);  // --help, --version
    complain("usage", (error.what() + std::string("; --help shows the options")).c_str());
    return kExitUsage;
  } catch (const Error& error) {
    complain(to_string(error.kind()), error.what());
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    complain("internal", error.what());
    return kExitInternal;
  }
}

}  // namespace common

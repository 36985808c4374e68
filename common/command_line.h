#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace common {

extern const char* const kVersion;

/// What --config and --set gave.
struct ConfigOptions {
  std::string path;
  std::vector<std::string> overrides;
};

/// One option of a CommandLine; each call refines it and returns it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& placeholder(const std::string& name);  ///< what --help shows for the value: FILE, DIR
  Option& show_default();                        ///< --help shows the value as it is now
  Option& required();
  Option& repeatable();  ///< one value each time it is given, not several
  Option& separated_by(char delimiter);
  Option& between(double lowest, double highest);
  Option& one_of(const std::vector<std::string>& values);
  Option& existing_file();
  Option& excludes(const Option& other);
  Option& needs(const Option& other);

 private:
  CLI::Option* option_;  // owned by its CLI::App
};

/// The options of a program, and what all programs share: --help, --version, messages and exit
/// codes. A front of CLI11, whose header takes longer to compile than most of our files.
class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& purpose);
  ~CommandLine();

  /// `names` is "-o,--output", or "PHOTO" for a positional one. `value` keeps its value unless the
  /// option is given, and must outlive run(). Types: bool (a flag), int, int64_t, uint64_t, double,
  /// std::string, std::filesystem::path, std::optional and std::vector of them as far as used.
  template <class T>
  Option add(const std::string& names, T& value, const std::string& help);

  /// An option whose value `parse` reads: it is called for each value that is given, and may throw
  /// Error(usage). --help shows `default_text`, if it is not empty.
  Option add_parsed(const std::string& names, const std::string& default_text,
                    const std::string& help, const std::function<void(const std::string&)>& parse);

  /// --config FILE and --set section.key=value.
  Option add_config(ConfigOptions& options);

  void footer(const std::string& text);  ///< after the options in --help
  void rename(const std::string& name);  ///< in messages
  const std::string& name() const { return name_; }

  /// Parses and runs `body`; turns every error into one message on stderr and an exit code
  /// (common/error.h). `who`, asked when a message is printed, may name the worker.
  int run(int argc, char** argv, const std::function<int()>& body,
          const std::function<std::string()>& who = {});

 private:
  std::string name_;
  std::unique_ptr<CLI::App> app_;
};

}  // namespace common

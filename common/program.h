#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace common {

extern const char* const kVersion;

/// What every program of the project takes: --help, --version, and, where it has a configuration,
/// --config and --set.
struct ConfigOptions {
  std::string path;
  std::vector<std::string> overrides;
};

/// A CLI11 parser with --help and --version.
void add_version(CLI::App& app);

/// Adds --config FILE and --set section.key=value (repeatable).
void add_config_options(CLI::App& app, ConfigOptions& options);

/// Parses and runs; turns every error into one message on stderr and an exit code (common/error.h).
/// `who`, asked when a message is printed, may name the worker.
int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body,
                const std::function<std::string()>& who = {});

}  // namespace common

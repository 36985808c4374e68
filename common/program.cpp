#include "common/program.h"

#include <cstdio>
#include <exception>

#include "common/error.h"

namespace common {

const char* const kVersion = RESTORE_VERSION;

void add_version(CLI::App& app) { app.set_version_flag("--version", kVersion); }

void add_config_options(CLI::App& app, ConfigOptions& options) {
  app.add_option("--config", options.path, "YAML file with the configuration")->type_name("FILE");
  app.add_option("--set", options.overrides, "override one value of the configuration")
      ->type_name("section.key=value")
      ->allow_extra_args(false);
}

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body,
                const std::function<std::string()>& who) {
  const auto complain = [&](const char* kind, const char* message) {
    const std::string name = who ? app.get_name() + " " + who() : app.get_name();
    std::fprintf(stderr, "%s: %s error: %s\n", name.c_str(), kind, message);
  };
  try {
    app.parse(argc, argv);
    return body();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  } catch (const Error& error) {
    complain(to_string(error.kind()), error.what());
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    complain("internal", error.what());
    return kExitInternal;
  }
}

}  // namespace common

#include <cstdio>
#include <optional>
#include <string>

#include "common/command_line.h"
#include "common/error.h"
#include "common/hardware.h"
#include "common/log.h"
#include "dataset/sharding/shard_commands.h"

namespace {

std::string run(dataset::ShardSettings& settings, const dataset::Processes& processes) {
  dataset::complete(settings, processes.own_cores());
  const dataset::ShardModes& modes = settings.modes;
  if (!modes.info && !modes.verify && !modes.print_recipe && modes.preview_rows == 0) {
    return dataset::make_store(settings, processes);
  }
  if (!processes.is_first()) return {};  // one process is enough
  if (modes.print_recipe) return dataset::recipe_text(settings.ageing);
  if (modes.info) return dataset::describe_store(settings.store);
  if (modes.verify) return dataset::verify_store(settings.store);
  return dataset::write_contact_sheet(settings);
}

}  // namespace

int main(int argc, char** argv) {
  common::keep_freed_memory();  // each photo takes the planes of the one before
  common::CommandLine line(
      "restore-shard", "Ages folders of photographs into a store that restore-worker trains from.");
  dataset::ShardSettings settings;
  dataset::add_options(line, settings);
  std::optional<dataset::Processes> processes;
  const auto body = [&] {
    processes.emplace();
    if (processes->size() > 1) line.rename(line.name() + " " + processes->name());
    common::start_log(processes->name());
    std::fputs(run(settings, *processes).c_str(), stdout);
    return common::kExitDone;
  };
  const int exit_code = line.run(argc, argv, body);
  return processes ? processes->end(exit_code) : exit_code;
}

#include <csignal>
#include <cstdio>
#include <string>

#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "dataset/sharding/contact_sheet.h"
#include "dataset/sharding/shard_settings.h"
#include "dataset/sharding/store_check.h"
#include "dataset/sharding/store_maker.h"

namespace {

std::string run(dataset::ShardSettings& settings) {
  dataset::complete(settings);
  if (settings.modes.info) return dataset::describe_store(settings.store);
  if (settings.modes.verify) return dataset::verify_store(settings.store);
  if (settings.modes.preview_rows > 0) return dataset::write_contact_sheet(settings);
  return dataset::make_store(settings);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then an error of write(2), with a message
  CLI::App app("Ages folders of photographs into a store that restore-worker trains from.",
               "restore-shard");
  common::add_version(app);
  dataset::ShardSettings settings;
  dataset::add_options(app, settings);
  return common::run_program(app, argc, argv, [&] {
    common::start_log("");
    std::fputs(run(settings).c_str(), stdout);
    return common::kExitDone;
  });
}

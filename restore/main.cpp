// restore: restores real scans with a model file.
#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/log.h"
#include "common/program.h"
#include "restore/load_network.h"
#include "restore/process.h"
#include "restore/restore_photos.h"

namespace {

struct Arguments {
  restore::RestoreOptions options;
  std::string model, format = "png";
  restore::Tiling tiling;
  int64_t tile = 0, threads = 0;
};

void add_options(CLI::App& app, Arguments& arguments) {
  auto& [options, model, format, tiling, tile, threads] = arguments;
  app.add_option("PHOTO", options.photos, "JPEG, PNG, TIFF or WebP files, or folders of them")
      ->required();
  app.add_option("-o,--output", options.output,
                 "folder for the results, made if need be [beside each photograph]")
      ->type_name("DIR");
  app.add_option("--model", model, "model file [RESTORE_MODEL, or the one that ships]")
      ->type_name("FILE");
  app.add_option("--strength", options.strength, "0: as it was, 1: restored")
      ->capture_default_str();
  app.add_option("--format", format, "png, tiff or jpeg; 16 bit stay 16 in png and tiff")
      ->capture_default_str();
  app.add_option("--suffix", options.suffix, "stands before the results' extension")
      ->capture_default_str();
  app.add_flag("--save-damage", options.save_damage,
               "also write the found damage, NAME.damage.png");
  app.add_option("--tile", tile,
                 "cut every photograph into tiles of this many pixels a side [512, and none for up "
                 "to 2 megapixels]");
  app.add_option("--overlap", tiling.overlap, "pixels that tiles share")->capture_default_str();
  app.add_option("--threads", threads, "cores to use [all]");
}

/// A tile that was asked for holds for small photographs too: somebody counts memory.
restore::Tiling chosen_tiling(const Arguments& arguments) {
  restore::Tiling tiling = arguments.tiling;
  if (arguments.tile != 0) {
    tiling.tile = arguments.tile;
    tiling.whole_pixels = arguments.tile * arguments.tile;
  }
  return tiling;
}

int run(Arguments& arguments) {
  common::start_log("");
  restore::prepare_process(arguments.threads);
  arguments.options.format = restore::parse_format(arguments.format);
  const auto model = restore::find_model(arguments.model);
  const auto jobs = restore::plan_jobs(arguments.options);
  const auto loaded = restore::load_network(model);
  spdlog::info("{} photographs, model {} ({})", jobs.size(), model.string(), loaded.description);
  loaded.network->prepare_for_inference({.colour = false});  // the results are gray
  const restore::Restorer restorer(loaded.network, chosen_tiling(arguments));
  const auto failed = restore::restore_photos(jobs, arguments.options, restorer);
  if (failed.empty()) return common::kExitDone;
  spdlog::error("{} of {} photographs could not be restored:", failed.size(), jobs.size());
  for (const auto& photo : failed) spdlog::error("  {}", photo.string());
  return common::kExitBadData;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Restores old photographs: removes grain, scratches, stains and fading.", "restore");
  common::add_version(app);
  Arguments arguments;
  add_options(app, arguments);
  return common::run_program(app, argc, argv, [&] { return run(arguments); });
}

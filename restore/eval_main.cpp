// restore-eval: how well a model file restores photographs that were aged on purpose.
#include <spdlog/spdlog.h>

#include <cstdio>

#include "common/error.h"
#include "common/files.h"
#include "common/log.h"
#include "common/program.h"
#include "restore/evaluation.h"
#include "restore/load_network.h"
#include "restore/process.h"

namespace {

struct Arguments {
  restore::EvaluationOptions options;
  std::string model, recipe = "old-photo";
  int64_t threads = 0;
};

void add_options(CLI::App& app, Arguments& arguments) {
  auto& [options, model, recipe, threads] = arguments;
  app.add_option("MODEL", model, "model file, made by restore-export")->required();
  app.add_option("--photos", options.photos, "folder of clean photographs")
      ->type_name("DIR")
      ->required();
  app.add_option("--only-list", options.only_list,
                 "take only these: names below DIR, one a line, # begins a comment")
      ->type_name("FILE");
  app.add_option("--recipe", recipe, "how they age: a recipe's name or file")
      ->capture_default_str();
  app.add_option("--short-side", options.short_side,
                 "shrink them so that the shorter side has so many pixels; 0: do not")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the ageing")->capture_default_str();
  app.add_option("--variants", options.variants, "age each so many times")->capture_default_str();
  app.add_option("--limit", options.limit, "take the first so many; 0: all")->capture_default_str();
  app.add_option("-o,--output", options.output, "folder for the pictures and results.json")
      ->type_name("DIR");
  app.add_option("--threads", threads, "cores to use [all]");
}

int run(const Arguments& arguments) {
  const auto& options = arguments.options;
  common::start_log("");
  restore::prepare_process(arguments.threads);
  const auto recipe = dataset::ageing::load_recipe(arguments.recipe);
  const auto photos = restore::evaluation_photos(options);
  const auto loaded = restore::load_network(restore::find_model(arguments.model));
  spdlog::info("{} photographs, recipe {}, model {} ({})", photos.size(), recipe.name,
               arguments.model, loaded.description);
  const restore::Restorer restorer(loaded.network, restore::Tiling());
  const auto scores = restore::evaluate(photos, restorer, recipe, options);
  if (!options.output.empty()) {
    common::make_directories(options.output);
    common::write_file_atomically(options.output / "results.json",
                                  restore::scores_json(scores).dump(2) + "\n");
  }
  std::fputs(restore::score_table(scores).c_str(), stdout);
  return common::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Ages clean photographs, restores them and measures what that gained.",
               "restore-eval");
  common::add_version(app);
  Arguments arguments;
  add_options(app, arguments);
  return common::run_program(app, argc, argv, [&] { return run(arguments); });
}

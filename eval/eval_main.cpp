// restore-eval: how well a model file restores photographs that were aged on purpose.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <optional>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/log.h"
#include "eval/eval_table.h"
#include "eval/eval_tasks.h"
#include "eval/evaluation.h"
#include "restore/load_network.h"
#include "restore/process.h"

namespace {

constexpr const char* kNoModel = "none";
constexpr int64_t kShortSideOfRecipes = 512;  // a recipe thinks in pixels of such a picture

struct Arguments {
  eval::EvaluationOptions options;
  std::string model, colour_model, recipe = "old-photo", format = "text";
  std::vector<std::string> tasks, restored_by;
  std::optional<int64_t> short_side;
  int64_t threads = 0;
};

void add_what_to_measure(common::CommandLine& line, Arguments& arguments) {
  auto& options = arguments.options;
  line.add("MODEL", arguments.model,
           "model file, made by restore-export; none: measure only the inputs and --restored-by")
      .required();
  line.add("--photos", options.photos, "folder of clean photographs").placeholder("DIR").required();
  line.add("--only-list", options.only_list,
           "take only these: names below DIR, one a line, # begins a comment")
      .placeholder("FILE");
  line.add("--limit", options.limit, "take the first so many; 0: all").show_default();
  auto recipe = line.add("--recipe", arguments.recipe,
                         "a line a photograph, aged by this recipe (a name or file)")
                    .show_default();
  auto tasks =
      line.add("--task", arguments.tasks,
               "a line a task and method instead; T is scratches, strokes, holes, colour, clean, "
               "or a recipe such as grain-25")
          .placeholder("T[,T...]")
          .separated_by(',')
          .excludes(recipe);
  line.add("--colour-model", arguments.colour_model,
           "with --task colour or old-photo: a line for two stages, MODEL and then this "
           "colouriser")
      .placeholder("FILE")
      .needs(tasks);
  line.add("--restored-by", arguments.restored_by,
           "lines for another program's pictures DIR/TASK/PHOTO.png")
      .placeholder("NAME=DIR");
}

void add_how(common::CommandLine& line, Arguments& arguments) {
  auto& options = arguments.options;
  line.add("--short-side", arguments.short_side,
           "shrink photographs so that the shorter side has so many pixels; 0: do not "
           "[512, with --task 0]");
  line.add("--seed", options.seed, "of the ageing").show_default();
  line.add("--variants", options.variants, "age each so many times").show_default();
  line.add("-o,--output", options.output, "folder for results.json, results.csv and pictures")
      .placeholder("DIR");
  line.add("--pictures", options.pictures, "with --task: write the pictures, too");
  line.add("--format", arguments.format, "of the table that is printed: text, json or csv")
      .one_of({"text", "json", "csv"})
      .show_default();
  line.add("--threads", arguments.threads, "cores to use [all]");
}

/// The same table for people, programs and spreadsheets.
struct Table {
  std::string text, csv;
  nlohmann::json json;
};

void deliver(const Table& table, const Arguments& arguments) {
  const auto& folder = arguments.options.output;
  const std::string json = table.json.dump(2) + "\n";
  if (!folder.empty()) {
    common::make_directories(folder);
    common::write_file_atomically(folder / "results.json", json);
    common::write_file_atomically(folder / "results.csv", table.csv);
  }
  const bool is_csv = arguments.format == "csv";
  const std::string& wanted = arguments.format == "json" ? json : is_csv ? table.csv : table.text;
  std::fputs(wanted.c_str(), stdout);
}

/// None if no model is named.
std::optional<restore::Restorer> load_restorer(const std::string& model) {
  if (model.empty() || model == kNoModel) return std::nullopt;
  const auto loaded = restore::load_network(restore::find_model(model));
  spdlog::info("model {} ({})", model, loaded.description);
  return restore::Restorer(loaded.network, restore::Tiling());
}

/// A line a photograph.
Table one_recipe(const Arguments& arguments) {
  if (arguments.model == kNoModel || !arguments.restored_by.empty()) {
    throw common::Error(common::ErrorKind::usage,
                        "without --task only a model is measured: name a model file, leave out "
                        "--restored-by, or add --task " +
                            arguments.recipe);
  }
  const auto task = eval::recipe_task(arguments.recipe);
  const auto photos = eval::evaluation_photos(arguments.options);
  const auto restorer = load_restorer(arguments.model);
  spdlog::info("{} photographs, recipe {}", photos.size(), task.name);
  const auto scores = eval::evaluate(task, photos, *restorer, arguments.options);
  return {score_table(scores), scores_csv(scores), scores_json(scores)};
}

/// A line a task and method.
Table all_tasks(const Arguments& arguments) {
  if (arguments.model == kNoModel && !arguments.colour_model.empty()) {
    throw common::Error(common::ErrorKind::usage,
                        "--colour-model colours what a model restored: name a model file as MODEL");
  }
  const auto tasks = eval::eval_tasks(arguments.tasks);
  const auto photos = eval::evaluation_photos(arguments.options);
  const auto restorer = load_restorer(arguments.model);
  const auto colouriser = load_restorer(arguments.colour_model);
  const eval::EvalMethods methods{restorer ? &*restorer : nullptr,
                                  colouriser ? &*colouriser : nullptr,
                                  eval::parse_peers(arguments.restored_by, tasks)};
  spdlog::info("{} photographs, {} tasks", photos.size(), tasks.size());
  const auto rows = eval::evaluate_tasks(tasks, photos, methods, arguments.options);
  return {rows_text(rows), rows_csv(rows), rows_json(rows)};
}

int run(Arguments& arguments) {
  common::start_log("");
  restore::prepare_process(arguments.threads);
  const bool has_tasks = !arguments.tasks.empty();
  arguments.options.short_side = arguments.short_side.value_or(has_tasks ? 0 : kShortSideOfRecipes);
  deliver(has_tasks ? all_tasks(arguments) : one_recipe(arguments), arguments);
  return common::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
  common::CommandLine line("restore-eval",
                           "Ages clean photographs, restores them and measures what that gained.");
  Arguments arguments;
  add_what_to_measure(line, arguments);
  add_how(line, arguments);
  return line.run(argc, argv, [&] { return run(arguments); });
}

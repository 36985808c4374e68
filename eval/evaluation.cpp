#include "eval/evaluation.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "common/command_line.h"
#include "common/error.h"
#include "common/files.h"
#include "common/hash.h"
#include "common/progress.h"
#include "eval/pictures.h"
#include "eval/table.h"
#include "imaging/photo_files.h"
#include "imaging/photo_reader.h"
#include "restore/plan_jobs.h"

namespace eval {
namespace {

using Kind = EvalTask::Kind;

constexpr const char* kNoModel = "none";

std::vector<imaging::PhotoFile> chosen_photos(const EvalOptions& options) {
  std::vector<imaging::PhotoFile> photos = imaging::list_photo_files({options.photos});
  if (!options.include_from.empty()) {
    const auto wanted = imaging::read_photo_list(options.include_from, photos);
    if (wanted.empty()) {
      throw common::usage_error("--include-from " + options.include_from.string() +
                                " names no photograph");
    }
    std::erase_if(photos, [&](const auto& photo) { return !wanted.contains(photo.name); });
  }
  if (options.limit > 0 && static_cast<size_t>(options.limit) < photos.size()) {
    photos.resize(static_cast<size_t>(options.limit));
  }
  return photos;
}

/// One ageing of one photograph.
struct EvalPicture {
  std::filesystem::path photo;
  std::string name;  ///< the photograph's below its folder, "#2" behind it for a variant
  std::string file;  ///< of its pictures, without extension; "-2" behind it for a variant
  dataset::ageing::AgeingKey key;
};

std::vector<EvalPicture> eval_pictures(const EvalOptions& options) {
  const std::vector<imaging::PhotoFile> photos = chosen_photos(options);
  std::vector<std::filesystem::path> paths;
  for (const auto& photo : photos) paths.emplace_back(photo.name);
  const std::vector<std::string> files = restore::distinct_names(paths);
  std::vector<EvalPicture> pictures;
  for (size_t i = 0; i < photos.size(); ++i) {
    for (int64_t variant = 0; variant < options.variants; ++variant) {
      const std::string number = std::to_string(variant + 1);
      const bool is_one_of_many = options.variants > 1;
      pictures.push_back(
          {photos[i].path,
           photos[i].name + (is_one_of_many ? "#" + number : ""),
           files[i] + (is_one_of_many ? "-" + number : ""),
           {options.seed, common::xxh3(photos[i].name), static_cast<uint64_t>(variant)}});
    }
  }
  return pictures;
}

void require_colours(const EvalPicture& picture, const EvalSample& sample) {
  if (!is_gray(sample.photo)) return;
  throw common::usage_error(
      "--task colourise: " + picture.name +
      " has no colours to compare with; name others with --include-from, or leave "
      "this task out");
}

/// SSIM looks at windows of 11x11 pixels.
void require_large_enough(const EvalPicture& picture, const imaging::Photo& photo) {
  constexpr int kLeastSide = 11;
  if (std::min(photo.width, photo.height) >= kLeastSide) return;
  throw common::usage_error(picture.name + " has " + std::to_string(photo.width) + "x" +
                            std::to_string(photo.height) + " pixels, too few for SSIM (" +
                            std::to_string(kLeastSide) +
                            " a side); name others with --include-from");
}

/// The row of a method, made if it is new.
EvalRow& row_of(const EvalTask& task, const Answer& answer, const EvalMethods& methods,
                std::vector<EvalRow>& rows) {
  const auto known = std::find_if(rows.begin(), rows.end(),
                                  [&](const EvalRow& row) { return row.method == answer.method; });
  if (known != rows.end()) return *known;
  EvalRow row;
  row.task = task.name;
  row.method = answer.method;
  if (answer.is_ours) row.strength = restore::strength_text(methods.strength);
  return rows.emplace_back(std::move(row));
}

void evaluate_sample(const EvalTask& task, const EvalSample& sample, const EvalPicture& picture,
                     const EvalMethods& methods, const EvalOptions& options,
                     std::vector<EvalRow>& rows) {
  if (task.kind == Kind::colourise) require_colours(picture, sample);
  std::string aged;
  if (options.pictures) aged = write_sample(options.output, task, picture.file, sample);
  for (const Answer& answer : answers_to(task, sample, picture.file, methods)) {
    if (task.kind == Kind::colourise && !answer.chroma) continue;
    EvalRow& row = row_of(task, answer, methods, rows);
    row.names.push_back(picture.name);
    row.figures.push_back(figures_of(task, sample, answer));
    if (!options.pictures) continue;
    if (answer.is_ours) {
      row.files.push_back(write_answer(options.output, task, picture.file, sample, answer));
    } else if (answer.method == kAgedMethod || answer.method == kGrayMethod) {
      row.files.push_back(aged);
    }
  }
}

std::optional<restore::Engine> load_model(const std::string& model, const EvalOptions& options,
                                          bool colourise) {
  if (model.empty() || model == kNoModel) return std::nullopt;
  return restore::load_engine({.model = model, .threads = options.threads}, 1, colourise);
}

}  // namespace

void EvalOptions::validate() const {
  constexpr int64_t kLeastSide = 32, kMostSide = 20'000;
  const auto number = [](int64_t value) { return std::to_string(value); };
  if (short_side != 0 && (short_side < kLeastSide || short_side > kMostSide)) {
    throw common::usage_error("--short-side " + number(short_side) + ": expected 0 (as it is) or " +
                              number(kLeastSide) + " to " + number(kMostSide));
  }
  if (variants < 1) {
    throw common::usage_error("--variants " + number(variants) + ": expected at least 1");
  }
  if (limit < 0)
    throw common::usage_error("--limit " + number(limit) + ": expected 0 (all) or more");
  if (pictures && output.empty()) {
    throw common::usage_error("--pictures needs a folder for them: add -o DIR");
  }
  if (model == kNoModel && !colour_model.empty()) {
    throw common::usage_error(
        "--colour-model colours what a model restored: name a model file as MODEL");
  }
}

void add_options(common::CommandLine& line, EvalOptions& options) {
  line.add("MODEL", options.model,
           "model file, made by restore-export; none: measure only the inputs and --baseline")
      .required();
  line.add("--photos", options.photos, "folder of clean photographs").placeholder("DIR").required();
  line.add("--task", options.tasks,
           "what is done to them first: scratches, strokes, holes, colourise, clean, border, or a "
           "recipe by name or file, such as grain-25")
      .placeholder("T[,T...]")
      .separated_by(',')
      .show_default();
  line.add_parsed(
      "--strength", "auto", "of the model: auto, as restore without --strength, or 0 to 1",
      [&options](const std::string& text) { options.strength = restore::parse_strength(text); });
  line.add("--colour-model", options.colour_model,
           "rows for two stages: MODEL, and then this colouriser")
      .placeholder("FILE");
  line.add("--baseline", options.baselines,
           "rows for another program's pictures DIR/TASK/PHOTO.png")
      .placeholder("NAME=DIR");
  line.add("--include-from", options.include_from,
           "take only these: names below DIR, one a line, # begins a comment")
      .placeholder("FILE");
  line.add("--limit", options.limit, "take the first so many; 0: all").show_default();
  line.add("--short-side", options.short_side,
           "shrink photographs until the shorter side has so many pixels; 0: do not")
      .show_default();
  line.add("--seed", options.seed, "of the ageing").show_default();
  line.add("--variants", options.variants, "age each so many times").show_default();
  line.add("-o,--output", options.output, "folder for results.json, results.csv and pictures")
      .placeholder("DIR");
  line.add("--pictures", options.pictures, "write the pictures, too");
  line.add("--threads", options.threads, "cores to use [all]");
}

std::vector<EvalRow> evaluate(const EvalOptions& options) {
  options.validate();
  if (!options.output.empty()) common::make_directories(options.output);
  const auto tasks = eval_tasks(options.tasks);
  EvalMethods methods{.baselines = parse_baselines(options.baselines, tasks),
                      .strength = options.strength};
  const bool colourise = std::any_of(tasks.begin(), tasks.end(),
                                     [](const EvalTask& task) { return task.has_colours(); });
  const auto model = load_model(options.model, options, colourise);
  const auto colouriser = load_model(options.colour_model, options, true);
  if (model) methods.model = &*model;
  if (colouriser) methods.colouriser = &*colouriser;
  const auto rows = evaluate_tasks(tasks, methods, options);
  if (!options.output.empty()) {
    common::write_file_atomically(options.output / "results.json", rows_json(rows).dump(2) + "\n");
    common::write_file_atomically(options.output / "results.csv", rows_csv(rows));
  }
  return rows;
}

std::vector<EvalRow> evaluate_tasks(const std::vector<EvalTask>& tasks, const EvalMethods& methods,
                                    const EvalOptions& options) {
  const auto pictures = eval_pictures(options);
  std::vector<EvalRow> table;
  common::Progress progress("evaluating", "pictures",
                            static_cast<int64_t>(tasks.size() * pictures.size()));
  int64_t num_done = 0;
  for (const EvalTask& task : tasks) {
    std::vector<EvalRow> rows;
    for (const EvalPicture& picture : pictures) {
      auto photo = imaging::read_photo(picture.photo, static_cast<int>(options.short_side));
      require_large_enough(picture, photo);
      const EvalSample sample = make_sample(task, std::move(photo), picture.key);
      evaluate_sample(task, sample, picture, methods, options, rows);
      progress.update(++num_done, task.name + " " + picture.name);
    }
    if (methods.model != nullptr && std::none_of(rows.begin(), rows.end(), [](const EvalRow& row) {
          return row.method == kModelMethod;
        })) {
      progress.pause();
      spdlog::warn("task {}: this network gives no chroma, so the model has no row", task.name);
    }
    std::move(rows.begin(), rows.end(), std::back_inserter(table));
  }
  return table;
}

}  // namespace eval

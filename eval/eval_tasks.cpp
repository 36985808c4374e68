#include "eval/eval_tasks.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "common/error.h"
#include "common/progress.h"
#include "eval/eval_colour.h"
#include "eval/eval_pictures.h"

namespace eval {
namespace {

using Kind = EvalTask::Kind;

void require_colours(const EvalPicture& picture, const Sample& sample) {
  if (!is_gray(sample.photo)) return;
  throw common::Error(common::ErrorKind::usage,
                      "--task colour: " + picture.name +
                          " has no colours to compare with; name others with --only-list, or leave "
                          "this task out");
}

Figures judge(const EvalTask& task, const Sample& sample, const Answer& answer) {
  if (task.kind == Kind::colour) {
    return colour_figures(sample, coloured(luma_plane(sample.photo), *answer.chroma));
  }
  const bool in_colours = answer.chroma && task.takes_two_stages() && !is_gray(sample.photo);
  Figures figures = in_colours ? gray_and_colour_figures(sample, answer.luma, *answer.chroma)
                               : gray_figures(sample, answer.luma);
  if (sample.damage && answer.damage) figures.damage = damage_figures(sample, *answer.damage);
  return figures;
}

/// The row of a method, made if it is new.
EvalRow& row_of(const EvalTask& task, const std::string& method, std::vector<EvalRow>& rows) {
  const auto known = std::find_if(rows.begin(), rows.end(),
                                  [&](const EvalRow& row) { return row.method == method; });
  return known != rows.end() ? *known : rows.emplace_back(EvalRow{task.name, method, {}, {}});
}

bool is_ours(const Answer& answer) {
  return answer.method == kModelMethod || answer.method == kModelWithMaskMethod ||
         answer.method == kTwoStageMethod;
}

void evaluate_sample(const EvalTask& task, const Sample& sample, const EvalPicture& picture,
                     const EvalMethods& methods, const EvaluationOptions& options,
                     std::vector<EvalRow>& rows) {
  if (task.kind == Kind::colour) require_colours(picture, sample);
  if (options.pictures) write_sample(options.output, task, picture.file, sample);
  for (const Answer& answer : answers_to(task, sample, picture.file, methods)) {
    if (task.kind == Kind::colour && !answer.chroma) continue;
    EvalRow& row = row_of(task, answer.method, rows);
    row.names.push_back(picture.name);
    row.figures.push_back(judge(task, sample, answer));
    if (options.pictures && is_ours(answer)) {
      write_answer(options.output, task, picture.file, sample, answer);
    }
  }
}

bool has_row(const std::vector<EvalRow>& rows, const char* method) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const EvalRow& row) { return row.method == method; });
}

}  // namespace

std::vector<EvalRow> evaluate_tasks(const std::vector<EvalTask>& tasks,
                                    const std::vector<imaging::PhotoFile>& photos,
                                    const EvalMethods& methods, const EvaluationOptions& options) {
  const auto pictures = eval_pictures(photos, options);
  std::vector<EvalRow> table;
  common::Progress progress("evaluating", "pictures",
                            static_cast<int64_t>(tasks.size() * pictures.size()));
  int64_t num_done = 0;
  for (const EvalTask& task : tasks) {
    std::vector<EvalRow> rows;
    for (const EvalPicture& picture : pictures) {
      const Sample sample = make_sample(task, read_clean(picture, options), picture.key);
      evaluate_sample(task, sample, picture, methods, options, rows);
      progress.update(++num_done, task.name + " " + picture.name);
    }
    if (methods.restorer != nullptr && !has_row(rows, kModelMethod)) {
      progress.pause();
      spdlog::warn("task {}: this network gives no chroma, so the model has no row", task.name);
    }
    std::move(rows.begin(), rows.end(), std::back_inserter(table));
  }
  return table;
}

}  // namespace eval

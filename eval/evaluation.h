// eval/: how well a model restores photographs that were aged on purpose, by the protocols of the
// papers; the program `restore-eval`. May include restore/, model/, imaging/, dataset/ageing,
// common/; LibTorch and libvips.
// Start here: what a task makes of a photograph (task.h), what methods make of that (methods.h),
// what is measured (figures.h), the table (table.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/figures.h"
#include "eval/methods.h"
#include "eval/task.h"

namespace eval {

/// What `restore-eval` was asked to do.
struct EvalOptions {
  std::string model, colour_model;  ///< files; model "none": inputs and baselines only
  std::vector<std::string> tasks{"old-photo"};
  std::vector<std::string> baselines;  ///< see parse_baselines
  std::optional<double> strength;      ///< of the model; none: auto, as much as a photograph needs
  int64_t threads = 0;                 ///< 0: as many as there are cores

  std::filesystem::path photos;        ///< folder, recursive
  std::filesystem::path include_from;  ///< names of the photographs to take, one a line; empty: all
  int64_t limit = 0;                   ///< the first so many photographs; 0: all
  int64_t short_side = 0;              ///< pixels of the shorter side; 0: as large as it is
  uint64_t seed = 7;
  int64_t variants = 1;          ///< times each photograph is aged
  std::filesystem::path output;  ///< folder for results and pictures; empty: none
  bool pictures = false;         ///< write them

  /// Throws Error(usage).
  void validate() const;
};

void add_options(common::CommandLine& line, EvalOptions& options);

/// Loads what `options` names and measures it; writes results.json and results.csv if there is an
/// output folder. One row for each task and method.
std::vector<EvalRow> evaluate(const EvalOptions& options);

/// One row for each task and method, as answers_to() orders them. The task colourise has no row for
/// a method without chroma; the log says so. Writes pictures if `options.pictures`. What becomes of
/// a photograph depends on the task, the seed, the photograph's name and the variant alone: neither
/// the list nor the limit changes it.
/// Throws Error(usage) where the task colourise meets a gray photograph, Error(corrupt) if a
/// photograph cannot be read: a mean without it would not be the mean that was asked for.
std::vector<EvalRow> evaluate_tasks(const std::vector<EvalTask>& tasks, const EvalMethods& methods,
                                    const EvalOptions& options);

}  // namespace eval

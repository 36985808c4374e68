#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "imaging/photo_files.h"
#include "eval/eval_task.h"
#include "restore/restorer.h"
#include "eval/score.h"

namespace eval {

/// What `restore-eval` was asked to do.
struct EvaluationOptions {
  std::filesystem::path photos;     ///< folder, recursive
  std::filesystem::path only_list;  ///< names of the photographs to take, one a line; empty: all
  std::filesystem::path output;     ///< folder for pictures and results; empty: none
  bool pictures = false;            ///< write those of tasks, too
  int64_t short_side = 512;         ///< pixels of the shorter side; 0: as large as it is
  uint64_t seed = 7;
  int64_t variants = 1;  ///< times each photograph is aged
  int64_t limit = 0;     ///< the first so many photographs; 0: all

  /// Throws Error(usage).
  void validate() const;
};

/// The photographs that `options` names, sorted.
/// Throws Error(usage) if there are none or a listed name is not among them.
std::vector<imaging::PhotoFile> evaluation_photos(const EvaluationOptions& options);

/// One ageing of one photograph.
struct EvalPicture {
  std::filesystem::path photo;
  std::string name;  ///< the photograph's below its folder, "#2" behind it for a variant
  std::string file;  ///< of its pictures, without extension; "-2" behind it for a variant
  dataset::ageing::AgeingKey key;
};

/// All ageings of all photographs. What becomes of one depends on the task, the seed, the
/// photograph's name and the variant alone: neither the list nor the limit changes it.
std::vector<EvalPicture> eval_pictures(const std::vector<imaging::PhotoFile>& photos,
                                       const EvaluationOptions& options);

/// The photograph itself. Throws Error(corrupt) if it cannot be read: a mean without it would not
/// be the mean that was asked for.
imaging::Photo read_clean(const EvalPicture& picture, const EvaluationOptions& options);

/// Ages each photograph, restores it and compares both with the clean one.
/// Throws as read_clean() and Restorer::restore do.
std::vector<Score> evaluate(const EvalTask& task, const std::vector<imaging::PhotoFile>& photos,
                            const restore::Restorer& restorer, const EvaluationOptions& options);

}  // namespace eval

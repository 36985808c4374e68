#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dataset/ageing/recipe.h"
#include "dataset/photos/photo_files.h"
#include "restore/restorer.h"
#include "restore/score.h"

namespace restore {

/// What `restore-eval` was asked to do.
struct EvaluationOptions {
  std::filesystem::path photos;     ///< folder, recursive
  std::filesystem::path only_list;  ///< names of the photographs to take, one a line; empty: all
  std::filesystem::path output;     ///< folder for pictures and results.json; empty: none
  int64_t short_side = 512;         ///< pixels of the shorter side; 0: as large as it is
  uint64_t seed = 7;
  int64_t variants = 1;  ///< times each photograph is aged
  int64_t limit = 0;     ///< the first so many photographs; 0: all

  /// Throws Error(usage).
  void validate() const;
};

/// The photographs that `options` names, sorted.
/// Throws Error(usage) if there are none or a listed name is not among them.
std::vector<dataset::PhotoFile> evaluation_photos(const EvaluationOptions& options);

/// Ages each photograph, restores it and compares both with the clean one. A photograph's damage
/// depends on the recipe, the seed, its name and its variant alone: neither the list nor the limit
/// changes it. Throws Error(corrupt) for a photograph that cannot be read: a mean without it would
/// not be the mean that was asked for.
std::vector<Score> evaluate(const std::vector<dataset::PhotoFile>& photos, const Restorer& restorer,
                            const dataset::ageing::Recipe& recipe,
                            const EvaluationOptions& options);

}  // namespace restore

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/ageing/age_photo.h"
#include "imaging/photo.h"
#include "eval/inpainting.h"
#include "imaging/plane.h"

namespace eval {

/// A protocol of the papers: what becomes of a clean photograph before a method gets it.
struct EvalTask {
  enum class Kind { recipe, inpainting, colour, clean };

  std::string name;
  Kind kind = Kind::recipe;
  dataset::ageing::Recipe recipe;      ///< of Kind::recipe
  dataset::ageing::DirtPictures dirt;  ///< what the recipe lays over photographs
  HolePattern holes;                   ///< of Kind::inpainting

  /// Whether a sample says where it is damaged.
  bool draws_damage() const;

  /// Whether two stages are compared with one on it: the colour task, and recipes that age
  /// photographs as life does; not those of the papers on denoising.
  bool takes_two_stages() const;
};

/// Names as `--task` takes them: scratches, strokes, holes (inpainting), colour, clean, or a recipe
/// by name or file, such as grain-25 or old-photo.
/// Throws Error(usage) for a name that is there twice, Error(config) for an unknown one.
std::vector<EvalTask> eval_tasks(const std::vector<std::string>& names);

/// The task of one recipe. Throws as load_recipe and load_dirt do.
EvalTask recipe_task(const std::string& name_or_file);

/// A photograph as a task shows it.
struct Sample {
  imaging::Photo photo;         ///< clean, in its colours
  imaging::Plane clean;                  ///< its luma, rounded to 8 bit as a file has it
  imaging::Plane aged;                   ///< what a method gets; noise may lie outside [0,1]
  std::optional<imaging::Plane> damage;  ///< opacity; none if the task draws no damage
};

/// The same bytes for the same task, photograph and key.
Sample make_sample(const EvalTask& task, imaging::Photo photo,
                   const dataset::ageing::AgeingKey& key);

/// BT.601 luma of a photograph; gray ones as they are.
imaging::Plane luma_plane(const imaging::Photo& photo);

}  // namespace eval

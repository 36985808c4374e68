#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/config.h"
#include "dataset/ageing/age_photo.h"
#include "imaging/plane.h"

namespace eval {

/// What is cut out of pictures when inpainting is measured. All lengths are pixels, whatever the
/// picture's size, and the number of shapes grows with its area: the share that is gone stays.
struct HolePattern {
  enum class Shape { line, blotch };

  Shape shape = Shape::line;
  common::Range count;   ///< shapes in a picture of kPatternPixels
  common::Range width;   ///< of a line, or the diameter of a disc of a blotch's area; wide ones
                         ///< more often
  common::Range length;  ///< of a line
  double drift = 0;      ///< standard deviation of a line's change of heading over a step, radians
};

/// The area of BSDS500's pictures, 481x321.
inline constexpr double kPatternPixels = 481.0 * 321.0;

/// Cuts shapes out of `picture` and returns where: 1 where it is gone, 0 elsewhere, with hard
/// edges. What shows in a shape is one flat tone, drawn as the ageing draws what shows in holes
/// (dataset/ageing/holes.h): light (0.75 to 1) half of the time, dark (0 to 0.2) and between (0.2
/// to 0.75) a quarter each. The same for the same key.
imaging::Plane cut_holes(const HolePattern& pattern, uint64_t key, imaging::Plane& picture);

/// A protocol of the papers: what becomes of a clean photograph before a method gets it.
struct EvalTask {
  enum class Kind { recipe, inpainting, colourise, clean, border };

  std::string name;
  Kind kind = Kind::recipe;
  dataset::ageing::Recipe recipe;      ///< of Kind::recipe
  dataset::ageing::DirtPictures dirt;  ///< what the recipe lays over photographs
  HolePattern holes;                   ///< of Kind::inpainting
  dataset::ageing::MountKind mount{};  ///< of Kind::border

  /// Whether a sample says where it is damaged.
  bool draws_damage() const;
  /// Whether nothing of a sample is damaged, so that all that a method marks is wrong.
  bool is_undamaged() const { return kind == Kind::clean || kind == Kind::border; }
  /// Whether colours are judged: of the task colourise, and of recipes that age photographs as life
  /// does; not of those of the papers on denoising.
  bool has_colours() const;
};

/// Names as `--task` takes them: scratches, strokes, holes (inpainting), colourise, clean,
/// border-KIND (a mount of dataset/ageing/mount.h; `border` is all of them), or a recipe by name or
/// file, such as grain-25 or old-photo. Throws Error(usage) for a name that is there twice,
/// Error(config) for an unknown one.
std::vector<EvalTask> eval_tasks(const std::vector<std::string>& names);

/// A photograph as a task shows it to a method.
struct EvalSample {
  imaging::Photo photo;                  ///< clean, in its colours
  imaging::Plane clean;                  ///< its luma, rounded to 8 bit as a file has it
  imaging::Plane aged;                   ///< what a method gets; noise may lie outside [0,1]
  std::optional<imaging::Plane> damage;  ///< opacity; none if the task draws no damage
  std::optional<imaging::Plane> border;  ///< 1 where the mount hides the photograph
};

/// The same bytes for the same task, photograph and key.
EvalSample make_sample(const EvalTask& task, imaging::Photo photo,
                       const dataset::ageing::AgeingKey& key);

/// BT.601 luma of a photograph; gray ones as they are.
imaging::Plane luma_plane(const imaging::Photo& photo);

}  // namespace eval

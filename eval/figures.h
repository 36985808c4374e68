#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/methods.h"
#include "eval/task.h"
#include "model/quality.h"

namespace eval {

/// What is measured of one picture; what does not apply to the task or the method is empty. How
/// each is computed say model/quality.h and model/colour_quality.h.
struct Figures {
  std::optional<double> psnr;       ///< dB, of luma; of colourise over R, G and B jointly
  std::optional<double> ssim;       ///< of luma
  std::optional<double> hole_psnr;  ///< dB, damaged pixels alone
  std::optional<model::DamageCounts> damage;
  /// Percent of an undamaged picture's pixels that are marked; of the worst picture, in a mean.
  std::optional<double> false_damage, most_false_damage;
  std::optional<double> border_psnr, photo_psnr;  ///< dB, of the mount, and of the photograph in it
  std::optional<double> ciede2000;                ///< mean difference of colours
  std::optional<double> colourfulness, colourfulness_of_original;  ///< signed
};

Figures figures_of(const EvalTask& task, const EvalSample& sample, const Answer& answer);

/// A line of the table: one method on one task.
struct EvalRow {
  std::string task, method;
  std::string strength;            ///< of our own engine: "1", "auto"; else empty
  std::vector<std::string> names;  ///< of the pictures, as their figures are ordered
  std::vector<std::string> files;  ///< what was written of them below the output folder
  std::vector<Figures> figures;

  /// Means over the pictures that have a figure; damage is pooled: counts are summed.
  Figures mean() const;
};

/// A photograph whose three channels are equal everywhere has no colours to be judged by.
bool is_gray(const imaging::Photo& photo);

/// A luma with a chroma of the same size, rounded to 8 bit.
imaging::Photo coloured(const imaging::Plane& luma, const restore::Chroma& chroma);

}  // namespace eval

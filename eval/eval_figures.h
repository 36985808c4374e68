#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/quality.h"
#include "eval/eval_task.h"
#include "restore/restorer.h"

namespace eval {

/// What is measured of one picture; what does not apply to the task or the method is empty. How
/// each is computed say model/quality.h and model/colour_quality.h.
struct Figures {
  std::optional<double> psnr;       ///< dB; of the colour task over R, G and B jointly
  std::optional<double> ssim;       ///< of luma
  std::optional<double> hole_psnr;  ///< dB, damaged pixels alone
  std::optional<model::DamageCounts> damage;
  std::optional<double> ciede2000;                                 ///< mean difference of colours
  std::optional<double> colourfulness, colourfulness_of_original;  ///< signed
};

/// Of a gray picture: PSNR, SSIM and, where the sample is damaged, PSNR within the holes.
Figures gray_figures(const Sample& sample, const imaging::Plane& picture);

/// Counts what a method takes for damage; `probability` above 0.5 marks a pixel.
model::DamageCounts damage_figures(const Sample& sample, const imaging::Plane& probability);

/// Of a picture in colours: PSNR over R, G and B jointly, CIEDE2000, colourfulness.
Figures colour_figures(const Sample& sample, const imaging::Photo& picture);

/// gray_figures() of a picture with its CIEDE2000 and colourfulness.
Figures gray_and_colour_figures(const Sample& sample, const imaging::Plane& luma, const restore::Chroma& chroma);

/// A line of the table: one method on one task.
struct EvalRow {
  std::string task, method;
  std::vector<std::string> names;  ///< of the pictures, as their figures are ordered
  std::vector<Figures> figures;

  /// Means over the pictures that have a figure; damage is pooled: counts are summed.
  Figures mean() const;
};

}  // namespace eval

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace eval {

/// How near a picture is to the clean photograph: luma, rounded to 8 bit (model/quality.h).
struct Quality {
  double psnr = 0;  ///< dB
  double ssim = 0;
};

/// One line of the table of `restore-eval`.
struct Score {
  std::string name;  ///< the photograph's path below its folder, "#2" behind it for a variant
  Quality aged, restored;
  nlohmann::json files;  ///< names of the pictures below the output folder; null if none
};

/// Means over the scores, named "mean". `scores` must not be empty.
Score mean_score(const std::vector<Score>& scores);

/// For people: aligned, at most 100 columns wide; the mean and the number of photographs that ended
/// below their aged input come last.
std::string score_table(const std::vector<Score>& scores);

/// For spreadsheets: a line a photograph, without the mean.
std::string scores_csv(const std::vector<Score>& scores);

/// For programs: docs/evaluating.md, "results.json".
nlohmann::json scores_json(const std::vector<Score>& scores);

}  // namespace eval

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "imaging/format.h"
#include "restore/restore_options.h"

namespace restore {

/// One photograph and what becomes of it.
struct RestoreJob {
  std::filesystem::path photo, restored;
  std::filesystem::path mask = {};  ///< where the found damage is written; empty: nowhere
  /// Of the result; none: what the name of `restored` ends with or, without an ending, that of the
  /// photograph.
  std::optional<imaging::Format> format = {};
};

/// What was found in a photograph before anything was done to it.
struct Findings {
  double grain = 0;             ///< standard deviation of its noise, of 255 levels
  double damaged_share = 0;     ///< of its pixels, 0 to 1
  double black = 0, white = 1;  ///< luma that 0.5% of the pixels are below and above
  enum class Colour { gray, toned, coloured } colour = Colour::gray;
};

/// A small gray picture of 8 bit, row by row.
struct GrayPreview {
  int width = 0, height = 0;
  std::vector<uint8_t> levels;
};

/// What was done to a photograph: for the log, the report and the page.
struct RestoredPhoto {
  RestoreJob job;
  RestoreOptions treatment;
  int64_t width = 0, height = 0;  ///< upright
  int bits = 8;                   ///< a sample, 8 or 16
  imaging::Format format = imaging::Format::png;    ///< of the result
  Findings found;
  double grain_strength = 1, tone_strength = 1, fill_strength = 1;  ///< as used, 0 to 1
  GrayPreview damage;  ///< white where damage was filled; at most 1600 pixels a side
  double seconds = 0, network_seconds = 0;
  std::vector<std::string> notes;  ///< what a person should know
};

/// Restores one photograph and writes the result. `progress` is told the share that is done, from
/// the calling thread: up to kLookedAt while it is looked at, more after each tile, 1 after the
/// last; what it throws ends the work, and nothing is left behind. Throws Error(corrupt) for a
/// photograph or mask that cannot be read, Error(io).
inline constexpr double kLookedAt = 0.03;
using PhotoProgress = std::function<void(double share)>;
using RestorePhoto = std::function<RestoredPhoto(const RestoreJob& job, const RestoreOptions& treatment,
                                                 const PhotoProgress& progress)>;

}  // namespace restore

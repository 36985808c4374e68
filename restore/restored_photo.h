#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "imaging/format.h"
#include "restore/restore_options.h"
#include "restore/strengths.h"

namespace restore {

/// One photograph and where its result goes.
struct RestoreJob {
  std::filesystem::path photo, restored;
  std::filesystem::path mask = {};  ///< where the found damage is written; empty: nowhere
  /// Of the result. None: by the suffix of `restored`; if it has none, as the photograph.
  std::optional<imaging::Format> format = {};
  int quality = 95;                    ///< of JPEG and WebP
  bool provenance = true;              ///< the result says how it was made (restore/provenance.h)
  bool keep_times = false;             ///< the result's file is as old as the photograph's
  std::filesystem::path sidecar = {};  ///< where the same is written as JSON; empty: nowhere
  std::string name = {};   ///< of the photograph, where its file's is none that a person gave
  std::string fault = {};  ///< why it cannot be restored, as far as that is known; empty: it can
};

/// What was measured in a photograph before anything was done to it.
struct Findings {
  double grain = 0;             ///< standard deviation of its noise, of 255 levels
  double damaged_share = 0;     ///< of its pixels, 0 to 1: what counts as damaged in the result
  double black = 0, white = 1;  ///< luma that 0.5% of the pixels are below and above
  enum class Colour { gray, toned, coloured } colour = Colour::gray;
  double sure_share = 0;  ///< of its pixels: the network is sure that they are damaged
  double coarseness = 1, sharpness = 1;  ///< imaging/noise_estimator.h
};

/// A small gray picture of 8 bit, row by row.
struct GrayPreview {
  int width = 0, height = 0;
  std::vector<uint8_t> levels;
};

/// More of a picture is seldom damage (RestoredPhoto::notes).
inline constexpr double kMuchDamage = 0.1;

/// What was done to a photograph: for the log, the report and the page.
struct RestoredPhoto {
  RestoreJob job;
  RestoreOptions options;
  int64_t width = 0, height = 0;                  ///< upright
  int bits = 8;                                   ///< of a sample, 8 or 16
  imaging::Format format = imaging::Format::png;  ///< of the result
  Findings found;
  Strengths strengths;       ///< as used
  bool coloured = false;     ///< its colours are the model's
  double changed_share = 0;  ///< of its pixels, by half a level of 255 or more
  std::string model_sha256;  ///< of the model file; empty: the network came from no file
  GrayPreview damage;        ///< white where damage was inpainted; at most 1600 pixels a side
  double seconds = 0, network_seconds = 0;
  double first_tile_at = 0;        ///< time of day, in seconds, when its first tile was done
  std::vector<std::string> notes;  ///< what a person should know
};

/// Told the share that is done: up to kAnalysedShare during the analysis, more after each tile, 1
/// after the last one.
using PhotoProgress = std::function<void(double share)>;
inline constexpr double kAnalysedShare = 0.03;

/// Restores one photograph and writes the result. After a stop it returns nothing and leaves
/// nothing behind. Progress is told from the calling thread. Throws Error(corrupt) for a photograph
/// or mask that cannot be read, Error(io).
using RestorePhoto = std::function<std::optional<RestoredPhoto>(
    const RestoreJob& job, const RestoreOptions& options, const PhotoProgress& progress,
    std::stop_token stop)>;

/// Looks for damage in a photograph and restores nothing: a small view of it, of at most 1.6
/// megapixels, whose levels are kEvenLevel + kLevelsPerLogit * the logit of damage. Empty after a
/// stop, and if the network does not look for damage. Throws as RestorePhoto.
using FindDamage =
    std::function<GrayPreview(const std::filesystem::path& photo, const std::stop_token& stop)>;
inline constexpr int kEvenLevel = 128, kLevelsPerLogit = 16;

}  // namespace restore

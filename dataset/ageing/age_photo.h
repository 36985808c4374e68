// Ageing: what time, handling and a scanner do to a photograph, with the damage that they leave.
// May include common/ and imaging/plane.h; each stage is a file with its parameters.
// Start with age_photo.cpp, the order of the stages; then shapes.h and any one stage.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dataset/ageing/dirt.h"
#include "dataset/ageing/recipe.h"
#include "imaging/plane.h"

namespace dataset::ageing {

/// Raise it when the same photo and recipe give other bytes than before: a store that an older
/// program began is then not completed.
inline constexpr int64_t kAgeingVersion = 2;

struct AgedPhoto {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> aged;    ///< [H,W] gray levels
  std::vector<uint8_t> damage;  ///< [H,W] 255 x (1 - product of (1 - alpha)) over all damage

  bool is_damaged() const {
    return std::any_of(damage.begin(), damage.end(), [](uint8_t opacity) { return opacity > 0; });
  }
};

/// What decides an aged picture besides photo and recipe.
struct AgeingKey {
  uint64_t seed = 0;
  uint64_t photo = 0;    ///< the photo's number in its store
  uint64_t variant = 0;  ///< number of this ageing of the photo
};

/// The photo as it looks after years; the same bytes for the same arguments. Each stage draws from
/// its own key: a change to one stage does not change the draws of the others.
/// `dirt` are the pictures for recipe.textures, from load_dirt; none if that stage is off.
/// Grain, fading, blur and the scan are not damage. Stains and textures are damage by their
/// opacity, 0.1 to 0.5 by default for a stain.
/// Throws Error(corrupt) if the photo has no pixels or not three planes, Error(usage) if the
/// textures are on and there is no dirt.
AgedPhoto age_photo(const imaging::Photo& photo, const Recipe& recipe, const DirtPictures& dirt,
                    const AgeingKey& key);

/// The photograph as a print, with its mount (mount.h): what is aged, and what the network learns
/// to give back. The photograph itself if the recipe has no mounts.
imaging::Photo make_print(imaging::Photo photo, const Recipe& recipe, const AgeingKey& key);

}  // namespace dataset::ageing

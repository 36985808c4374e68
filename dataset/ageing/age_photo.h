// Ageing: what time, handling and a scanner do to a photograph, with the damage that they leave.
// May include common/ and dataset/photos/photo.h; each stage is a file with its parameters.
// Start with age_photo.cpp, the order of the stages; then mask.h and any one stage.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dataset/ageing/dirt.h"
#include "dataset/ageing/recipe.h"
#include "imaging/photo.h"

namespace dataset::ageing {

/// Another number: this code ages the same photo by the same recipe otherwise than before, so a
/// store that an older program began is not to be completed.
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

/// What an aged picture depends on besides photo and recipe.
struct AgeingKey {
  uint64_t seed = 0;
  uint64_t photo = 0;    ///< the photo's number in its store
  uint64_t variant = 0;  ///< the how-many-th ageing of the same photo
};

/// The photo as it looks after years, the same bytes for the same arguments. Each stage draws from
/// its own key, so that a change to one stage leaves the draws of all others as they were.
/// `dirt` are the pictures that recipe.textures asks for, from load_dirt; none if it is off.
/// Grain, fading, blur and the scan are not damage; stains and textures count as much as they
/// cover: the damage of a stain is its opacity, 0.1 to 0.5 by default.
/// Throws Error(corrupt) if the photo has no pixels or not three planes of them, Error(usage) if
/// the textures are on and there is no dirt.
AgedPhoto age_photo(const imaging::Photo& photo, const Recipe& recipe, const DirtPictures& dirt,
                    const AgeingKey& key);

}  // namespace dataset::ageing

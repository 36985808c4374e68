#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/plane.h"

namespace dataset::ageing {

/// How much dirt lies on each pixel, row by row: 0 none .. 255 nothing but dirt.
struct Cover {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> values;

  const uint8_t* row(int y) const {
    return values.data() + static_cast<size_t>(y) * static_cast<size_t>(width);
  }
};

/// What dirt does to a photograph; a picture without transparency may do either.
enum class DirtTone { lightens, darkens, either };

/// A picture of dirt, ready to be laid over photographs.
struct DirtPicture {
  DirtTone tone = DirtTone::either;
  Cover upright;
  Cover turned;  ///< columns become rows: with mirrors, all eight turns and flips
};

/// The pictures of dirt of a run, in the order of their names.
class DirtPictures {
 public:
  DirtPictures() = default;
  explicit DirtPictures(std::vector<DirtPicture> pictures) : pictures_(std::move(pictures)) {}

  bool empty() const { return pictures_.empty(); }
  size_t size() const { return pictures_.size(); }
  const DirtPicture& operator[](size_t i) const { return pictures_[i]; }

  /// XXH3-64 of sizes, tones and pixels, in hexadecimal; empty if there are no pictures.
  std::string checksum() const;

 private:
  std::vector<DirtPicture> pictures_;
};

/// The dirt in a picture. Two cases:
/// - The picture has transparency. If the mean gray, weighted by alpha, is above one half, the dirt
///   is light: it lightens, and its cover is gray x alpha. Otherwise it is dark: it darkens, and
///   its cover is (255 - gray) x alpha.
/// - It has none. The background is black or white, whichever is nearer to the median. The cover is
///   the distance from the background.
DirtPicture to_dirt(const imaging::GrayPicture& picture);

/// Five pictures that the program draws, always the same: specks, hairs, scratches, stains, and a
/// mixture. They are for recipes that name no folder.
DirtPictures draw_dirt_pictures();

}  // namespace dataset::ageing

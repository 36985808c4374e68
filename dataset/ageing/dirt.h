#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/photo.h"

namespace dataset::ageing {

/// How strongly each pixel is dirty, row by row: 0 clean .. 255 dirt alone.
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

/// A picture of dirt, ready to be laid.
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

/// With alpha, dirt covers as alpha says, by as much of it as its gray lies on its side: it
/// lightens (gray x alpha) if most of it is lighter than middle gray, else darkens
/// ((255 - gray) x alpha). Without alpha, dirt is what departs from the ground, which is black or
/// white, whichever the median is nearer to.
DirtPicture to_dirt(const imaging::GrayPicture& picture);

/// Five pictures of the program's own, always the same: specks, hairs, scratches, stains, and some
/// of all. For recipes that name no folder.
DirtPictures draw_dirt_pictures();

}  // namespace dataset::ageing

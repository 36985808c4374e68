#pragma once

#include <cstdint>
#include <vector>

namespace imaging {

/// A decoded photograph: planar [3,H,W] (all red rows, then green, then blue), 8 bit, sRGB.
struct Photo {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

/// A decoded picture without colours, 8 bit: gray and alpha [H,W]. No alpha in the file: none here.
struct GrayPicture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> gray;
  std::vector<uint8_t> alpha;  ///< 0 transparent .. 255 opaque
};

}  // namespace imaging

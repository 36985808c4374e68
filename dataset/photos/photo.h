#pragma once

#include <cstdint>
#include <vector>

namespace dataset {

/// A decoded photograph: planar [3,H,W] (all red rows, then green, then blue), 8 bit, sRGB.
struct Photo {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

}  // namespace dataset

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dataset::ageing {

/// One channel of a picture, row by row.
struct Channel {
  int width = 0;
  int height = 0;
  std::vector<float> values;

  Channel(int columns, int rows, float value = 0)
      : width(columns),
        height(rows),
        values(static_cast<size_t>(columns) * static_cast<size_t>(rows), value) {}
  float* row(int y) { return values.data() + static_cast<size_t>(y) * static_cast<size_t>(width); }
  const float* row(int y) const {
    return values.data() + static_cast<size_t>(y) * static_cast<size_t>(width);
  }
};

/// What the stages work on: the picture as it ages and the damage that it has taken.
struct Canvas {
  Channel gray;    ///< 0 black .. 1 white; noise may leave that interval until the last rounding
  Channel intact;  ///< share that is still visible: the product of (1 - alpha) over all damage
  double unit;     ///< pixels for one pixel of a recipe, whose short side is 512

  Canvas(int width, int height)
      : gray(width, height), intact(width, height, 1), unit(short_side() / 512) {}
  double short_side() const { return std::min(gray.width, gray.height); }
};

/// Rounded to 8 bit: 0 -> 0, 1 -> 255, clamped outside.
std::vector<uint8_t> to_bytes(const Channel& plane);

}  // namespace dataset::ageing

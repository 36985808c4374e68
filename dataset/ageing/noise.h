#pragma once

#include <cstdint>

namespace dataset::ageing {

/// Smooth noise in the plane: random values on the points of a lattice of side 1, interpolated.
/// A pure function of seed and place, so shapes cost only the pixels that they cover.
class Noise {
 public:
  explicit Noise(uint32_t seed) : seed_(seed) {}

  /// In [-1, 1].
  double at(double x, double y) const;

  /// Three octaves, each half as large and half as strong as the one before; in [-1, 1].
  double rough_at(double x, double y) const;

 private:
  double lattice(int64_t x, int64_t y) const;
  uint32_t seed_;
};

}  // namespace dataset::ageing

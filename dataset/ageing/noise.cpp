#include "dataset/ageing/noise.h"

#include <cmath>

namespace dataset::ageing {

namespace {
double smooth(double t) { return t * t * (3 - 2 * t); }
}  // namespace

double Noise::lattice(int64_t x, int64_t y) const {
  // The finaliser of MurmurHash3 over the mixed coordinates.
  uint32_t h =
      seed_ ^ (static_cast<uint32_t>(x) * 0x9E3779B1U) ^ (static_cast<uint32_t>(y) * 0x85EBCA77U);
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  return (h ^ (h >> 16)) * 0x1p-31 - 1;
}

double Noise::at(double x, double y) const {
  const double left = std::floor(x), top = std::floor(y);
  const auto i = static_cast<int64_t>(left), j = static_cast<int64_t>(top);
  const double u = smooth(x - left), v = smooth(y - top);
  const double above = lattice(i, j) * (1 - u) + lattice(i + 1, j) * u;
  const double below = lattice(i, j + 1) * (1 - u) + lattice(i + 1, j + 1) * u;
  return above * (1 - v) + below * v;
}

double Noise::rough_at(double x, double y) const {
  constexpr double kSum = 1 + 0.5 + 0.25;
  return (at(x, y) + 0.5 * at(2 * x + 17, 2 * y + 31) + 0.25 * at(4 * x + 71, 4 * y + 43)) / kSum;
}

}  // namespace dataset::ageing

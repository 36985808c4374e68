#include "imaging/noise_estimator.h"

#include <algorithm>
#include <cmath>

namespace imaging {
namespace {

constexpr double kFlattest = 0.01;
// In clipped parts there is no noise left to measure.
constexpr float kDarkest = 6.0F / 255, kLightest = 249.0F / 255;

Plane halved(const Plane& plane) {
  Plane half(plane.height / 2, plane.width / 2);
  for (int64_t y = 0; y < half.height; ++y) {
    const float *upper = plane.row(2 * y), *lower = plane.row(2 * y + 1);
    float* to = half.row(y);
    for (int64_t x = 0; x < half.width; ++x) {
      to[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / 4;
    }
  }
  return half;
}

/// Standard deviation of the diagonal detail, negative for a block that is clipped or has a NaN.
float diagonal_detail(const Plane& plane, int64_t top, int64_t left, int64_t side) {
  float sum = 0, squares = 0;
  for (int64_t y = top; y < top + side; y += 2) {
    const float *upper = plane.row(y) + left, *lower = plane.row(y + 1) + left;
    for (int64_t x = 0; x < side; x += 2) {
      const float detail = (upper[x] - upper[x + 1] - lower[x] + lower[x + 1]) / 2;
      squares += detail * detail;
      sum += upper[x] + upper[x + 1] + lower[x] + lower[x + 1];
    }
  }
  const auto area = static_cast<float>(side * side);
  const float mean = sum / area;
  if (!(mean >= kDarkest && mean <= kLightest)) return -1;
  return std::sqrt(squares / (area / 4));
}

}  // namespace

void NoiseEstimator::add(const Plane& strip) {
  add_blocks(strip, scales_[0]);
  add_blocks(halved(strip), scales_[1]);
}

void NoiseEstimator::add_blocks(const Plane& strip, Blocks& blocks) {
  const int64_t side = blocks.side;
  for (int64_t top = 0; top + side <= strip.height; top += side) {
    for (int64_t left = 0; left + side <= strip.width; left += side) {
      const float detail = diagonal_detail(strip, top, left, side);
      if (detail < 0) continue;
      const double deviation = double{detail} * 255;
      const auto bin = static_cast<int>(deviation * kBinsPerLevel);
      ++blocks.by_deviation[static_cast<size_t>(std::min(bin, kBins - 1))];
      ++blocks.count;
      blocks.squares += deviation * deviation;
    }
  }
}

double NoiseEstimator::Blocks::noise() const {
  // What is exactly flat was painted, as a caption or a logo: no noise of a scan is. Unless most
  // is.
  const int64_t painted = 2 * by_deviation[0] < count ? by_deviation[0] : 0;
  int64_t below = -painted;
  for (size_t bin = 0; bin < by_deviation.size() && count > 0; ++bin) {
    below += by_deviation[bin];
    if (static_cast<double>(below) < kFlattest * static_cast<double>(count - painted)) continue;
    return bias * static_cast<double>(bin) / kBinsPerLevel;
  }
  return 0;
}

double NoiseEstimator::Blocks::energy() const {
  if (count == 0) return 0;
  return std::max(0.0, squares / static_cast<double>(count) - noise() * noise());
}

double NoiseEstimator::grain() const { return std::max(scales_[0].noise(), scales_[1].noise()); }

double NoiseEstimator::coarseness() const {
  const double fine = scales_[0].noise();
  return fine > 0 ? scales_[1].noise() / fine : 1;
}

double NoiseEstimator::sharpness() const {
  constexpr double kFlat = 0.01;
  const double coarse = scales_[1].energy();
  return coarse < kFlat ? 1 : scales_[0].energy() / coarse;
}

}  // namespace imaging

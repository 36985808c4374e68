#include "dataset/ageing/blur.h"

#include <algorithm>
#include <cmath>

#include "common/hardware.h"
#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

constexpr double kSmallestSigma = 0.15;  // below it the kernel's neighbours weigh less than 1e-9

/// to[i] += weight * (a[i] + b[i]); the one loop that all the time goes to.
RESTORE_TARGET_CLONES void add_pair(float* to, const float* a, const float* b, float weight,
                                    size_t count) {
  for (size_t i = 0; i < count; ++i) to[i] += weight * (a[i] + b[i]);
}

void smooth_rows(Channel& plane, const std::vector<float>& kernel) {
  const size_t radius = kernel.size() - 1, width = static_cast<size_t>(plane.width);
  std::vector<float> padded(width + 2 * radius);
  for (int y = 0; y < plane.height; ++y) {
    float* row = plane.row(y);
    std::fill_n(padded.begin(), radius, row[0]);
    std::copy_n(row, width, padded.begin() + static_cast<std::ptrdiff_t>(radius));
    std::fill_n(padded.end() - static_cast<std::ptrdiff_t>(radius), radius, row[width - 1]);
    const float* middle = padded.data() + radius;
    for (size_t x = 0; x < width; ++x) row[x] *= kernel[0];
    for (size_t k = 1; k <= radius; ++k) add_pair(row, middle - k, middle + k, kernel[k], width);
  }
}

void smooth_columns(Channel& plane, const std::vector<float>& kernel) {
  const Channel source = plane;
  const size_t width = static_cast<size_t>(plane.width);
  for (int y = 0; y < plane.height; ++y) {
    float* row = plane.row(y);
    for (size_t x = 0; x < width; ++x) row[x] *= kernel[0];
    for (int k = 1; k < static_cast<int>(kernel.size()); ++k) {
      const float* above = source.row(std::max(y - k, 0));
      const float* below = source.row(std::min(y + k, plane.height - 1));
      add_pair(row, above, below, kernel[static_cast<size_t>(k)], width);
    }
  }
}

}  // namespace

std::vector<float> gaussian_kernel(double sigma) {
  if (sigma < kSmallestSigma) return {1};
  const auto radius = static_cast<size_t>(std::ceil(3 * sigma));
  std::vector<double> weights(radius + 1);
  double sum = 0;
  for (size_t k = 0; k <= radius; ++k) {
    const double distance = static_cast<double>(k) / sigma;
    weights[k] = std::exp(-0.5 * distance * distance);
    sum += (k == 0 ? 1 : 2) * weights[k];
  }
  std::vector<float> kernel;
  for (const double weight : weights) kernel.push_back(static_cast<float>(weight / sum));
  return kernel;
}

void smooth(Channel& plane, const std::vector<float>& kernel) {
  if (kernel.size() == 1) return;
  smooth_rows(plane, kernel);
  smooth_columns(plane, kernel);
}

void Blur::validate() const {
  check_probability("blur.probability", probability);
  check_range("blur.sigma", sigma, 0, 10);
  check_range("blur.skew", {skew, skew}, 0.1, 10);
}

void apply(const Blur& blur, Canvas& canvas, common::KeyedRandom& random) {
  const double sigma = draw_skewed(blur.sigma, blur.skew, random);
  smooth(canvas.gray, gaussian_kernel(sigma * canvas.unit));
}

}  // namespace dataset::ageing

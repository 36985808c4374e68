#include "dataset/ageing/scan.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/blur.h"
#include "dataset/ageing/grain.h"
#include "dataset/ageing/jpeg.h"
#include "dataset/ageing/ranges.h"

namespace dataset::ageing {
namespace {

/// Where a pixel of the result comes from along one axis.
struct Taps {
  int first;
  std::vector<float> weights;
};

std::vector<Taps> triangle_taps(int from, int to) {
  const double scale = static_cast<double>(from) / to, reach = std::max(1.0, scale);
  std::vector<Taps> taps;
  for (int i = 0; i < to; ++i) {
    const double middle = (i + 0.5) * scale - 0.5;
    const int first = std::max(0, static_cast<int>(std::ceil(middle - reach)));
    const int last = std::min(from - 1, static_cast<int>(std::floor(middle + reach)));
    Taps tap{first, {}};
    double sum = 0;
    for (int k = first; k <= last; ++k) sum += std::max(0.0, 1 - std::abs(k - middle) / reach);
    for (int k = first; k <= last; ++k) {
      const double weight = std::max(0.0, 1 - std::abs(k - middle) / reach);
      tap.weights.push_back(static_cast<float>(weight / sum));
    }
    taps.push_back(std::move(tap));
  }
  return taps;
}

Channel resize_rows(const Channel& plane, int width) {
  const std::vector<Taps> taps = triangle_taps(plane.width, width);
  Channel result(width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const float* from = plane.row(y);
    float* to = result.row(y);
    for (const Taps& tap : taps) {
      float sum = 0;
      for (size_t k = 0; k < tap.weights.size(); ++k) {
        sum += tap.weights[k] * from[static_cast<size_t>(tap.first) + k];
      }
      *to++ = sum;
    }
  }
  return result;
}

Channel resize_columns(const Channel& plane, int height) {
  const std::vector<Taps> taps = triangle_taps(plane.height, height);
  Channel result(plane.width, height);
  for (int y = 0; y < height; ++y) {
    const Taps& tap = taps[static_cast<size_t>(y)];
    float* to = result.row(y);
    for (size_t k = 0; k < tap.weights.size(); ++k) {
      const float* from = plane.row(tap.first + static_cast<int>(k));
      for (int x = 0; x < plane.width; ++x) to[x] += tap.weights[k] * from[x];
    }
  }
  return result;
}

}  // namespace

Channel resize(const Channel& plane, int width, int height) {
  return resize_columns(resize_rows(plane, width), height);
}

void Scan::validate() const {
  check_probability("scan.probability", probability);
  check_range("scan.blur", blur, 0, 10);
  check_range("scan.noise", noise, 0, 50);
  check_range("scan.resize", resize, 0.1, 1);
  check_probability("scan.resized", resized);
  check_range("scan.jpeg_quality", jpeg_quality, 1, 100);
}

void apply(const Scan& scan, Canvas& canvas, common::KeyedRandom& random) {
  Channel& gray = canvas.gray;
  smooth(gray, gaussian_kernel(draw(scan.blur, random) * canvas.unit));
  add_noise(gray, draw(scan.noise, random) / 255, random);
  const bool is_resized = random.chance(scan.resized);
  const double scale = draw(scan.resize, random);
  if (is_resized) {
    const int width = std::max(1, static_cast<int>(std::lround(gray.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(gray.height * scale)));
    gray = resize(resize(gray, width, height), gray.width, gray.height);
  }
  const auto [worst, best] = scan.jpeg_quality;
  const double quality = best - (best - worst) * draw_skewed({0, 1}, 2, random);
  gray = through_jpeg(gray, static_cast<int>(std::lround(quality)));
}

}  // namespace dataset::ageing

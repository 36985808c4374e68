#pragma once

#include <cmath>

#include "imaging/plane.h"

namespace dataset::ageing {

/// Every pixel the same colour.
inline imaging::Photo flat_photo(int width, int height, uint8_t red, uint8_t green, uint8_t blue) {
  imaging::Photo photo{width, height, {}};
  const auto num_pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
  for (const uint8_t level : {red, green, blue}) {
    photo.rgb.insert(photo.rgb.end(), num_pixels, level);
  }
  return photo;
}

/// Waves of several lengths in each channel: soft slopes, edges and all tones.
inline imaging::Photo wavy_photo(int width, int height) {
  imaging::Photo photo{width, height, {}};
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double wave =
            std::sin(x * 0.05 + c) + std::sin(y * 0.03 * (c + 1)) + std::sin(x * y * 0.002);
        photo.rgb.push_back(static_cast<uint8_t>(127.5 + 42 * wave));
      }
    }
  }
  return photo;
}

/// Rounded luma of BT.601.
inline std::vector<uint8_t> luma(const imaging::Photo& photo) {
  const size_t n = photo.rgb.size() / 3;
  std::vector<uint8_t> levels(n);
  for (size_t i = 0; i < n; ++i) {
    const double sum =
        0.299 * photo.rgb[i] + 0.587 * photo.rgb[n + i] + 0.114 * photo.rgb[2 * n + i];
    levels[i] = static_cast<uint8_t>(sum + 0.5);
  }
  return levels;
}

inline double mean(const std::vector<uint8_t>& levels) {
  double sum = 0;
  for (const uint8_t level : levels) sum += level;
  return sum / static_cast<double>(levels.size());
}

inline double deviation(const std::vector<uint8_t>& levels) {
  const double middle = mean(levels);
  double sum = 0;
  for (const uint8_t level : levels) sum += (level - middle) * (level - middle);
  return std::sqrt(sum / static_cast<double>(levels.size()));
}

inline double psnr(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.size()) / sum);
}

}  // namespace dataset::ageing

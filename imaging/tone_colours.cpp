#include "imaging/tone_colours.h"

#include <algorithm>
#include <cmath>

namespace imaging {

ToneColours::ToneColours(const Plane& luma, const Plane& blue, const Plane& red) {
  std::array<double, kBins> blues{}, reds{}, counts{};
  double squares = 0;
  for (size_t i = 0; i < luma.values.size(); ++i) {
    const double b = blue.values[i], r = red.values[i];
    const auto bin = std::min(kBins - 1, static_cast<size_t>(luma.values[i] * float{kBins}));
    blues[bin] += b, reds[bin] += r, counts[bin] += 1, squares += b * b + r * r;
  }
  double explained = 0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    if (counts[bin] == 0) continue;
    explained += (blues[bin] * blues[bin] + reds[bin] * reds[bin]) / counts[bin];
    bins_[bin] = {static_cast<float>(blues[bin] / counts[bin]),
                  static_cast<float>(reds[bin] / counts[bin])};
  }
  const auto pixels = static_cast<double>(luma.values.size());
  chroma_ = std::sqrt(squares / pixels);
  unexplained_ = std::sqrt(std::max(0.0, squares - explained) / pixels);
  fill_empty_bins(counts);
}

void ToneColours::fill_empty_bins(const std::array<double, kBins>& counts) {
  for (size_t bin = 0; bin < kBins; ++bin) {
    if (counts[bin] > 0) continue;
    for (size_t away = 1; away < kBins; ++away) {
      if (bin >= away && counts[bin - away] > 0) {
        bins_[bin] = bins_[bin - away];
        break;
      }
      if (bin + away < kBins && counts[bin + away] > 0) {
        bins_[bin] = bins_[bin + away];
        break;
      }
    }
  }
}

ToneColours::Chroma ToneColours::at(float luma) const {
  const float place = std::clamp(luma * float{kBins} - 0.5F, 0.0F, float{kBins - 1});
  const auto below = std::min(static_cast<size_t>(place), kBins - 2);
  const float share = place - static_cast<float>(below);
  const Chroma &a = bins_[below], &b = bins_[below + 1];
  return {a.blue + share * (b.blue - a.blue), a.red + share * (b.red - a.red)};
}

}  // namespace imaging

#include "restore/analysis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "imaging/noise_estimator.h"
#include "imaging/plane.h"

namespace restore {
namespace {

/// How many pixels have which luma.
class LumaHistogram {
 public:
  void add(const float* luma, int64_t width) {
    for (int64_t x = 0; x < width; ++x) {
      if (std::isnan(luma[x])) continue;
      const float place = std::clamp(luma[x], 0.0F, 1.0F) * (kBins - 1);
      ++counts_[static_cast<size_t>(place + 0.5F)];
    }
  }

  /// The luma that this share of the pixels is at or below.
  double quantile(double share) const {
    const auto total =
        static_cast<double>(std::accumulate(counts_.begin(), counts_.end(), int64_t{0}));
    double below = 0;
    for (size_t bin = 0; bin < counts_.size(); ++bin) {
      below += static_cast<double>(counts_[bin]);
      if (below >= share * total) return static_cast<double>(bin) / (kBins - 1);
    }
    return 1;
  }

 private:
  static constexpr int kBins = 1024;
  std::array<int64_t, kBins> counts_{};
};

/// Gray, of one tone (each luma has its one colour, as sepia), or in colour.
Findings::Colour colour_of(const imaging::ToneColours& tone) {
  constexpr double kGrayBelow = 0.008, kTonedBelow = 0.016;  // of Cb and Cr
  if (tone.chroma() < kGrayBelow) return Findings::Colour::gray;
  return tone.unexplained() < kTonedBelow ? Findings::Colour::toned : Findings::Colour::coloured;
}

}  // namespace

Analysis analyse(Source& source, int64_t small_pixels,
                 const std::function<void(double share)>& progress, const std::stop_token& stop) {
  const int64_t height = source.height(), width = source.width();
  Analysis seen;
  seen.scale = imaging::downsample_scale(height, width, small_pixels);
  imaging::BoxDownsample luma(height, width, seen.scale);
  imaging::BoxDownsample blue = luma, red = luma, known = luma;
  imaging::NoiseEstimator noise;
  LumaHistogram histogram;
  imaging::RowBuffer row;
  std::vector<float> blue_row(static_cast<size_t>(width)), red_row = blue_row, known_row = blue_row;
  source.rewind();
  for (int64_t top = 0; top < height && !stop.stop_requested();) {
    imaging::Plane strip(std::min(height - top, imaging::NoiseEstimator::kStrip), width);
    for (int64_t y = 0; y < strip.height; ++y, ++top) {
      source.unpack(source.next_row(), row);
      source.luma(row, strip.row(y));
      if (!row.is_gray()) imaging::chroma_of_row(row, blue_row.data(), red_row.data());
      luma.add(top, strip.row(y));
      blue.add(top, blue_row.data());
      red.add(top, red_row.data());
      if (source.has_known_damage()) {
        source.known_damage(known_row.data());
        known.add(top, known_row.data());
      }
      source.leave_out_border(strip.row(y));
      histogram.add(strip.row(y), width);
    }
    noise.add(strip);
    if (progress) progress(static_cast<double>(top) / static_cast<double>(height));
  }
  if (stop.stop_requested()) return seen;
  seen.luma = luma.finish(), seen.blue = blue.finish(), seen.red = red.finish();
  if (source.has_known_damage()) seen.known = known.finish();
  seen.found.grain = noise.grain();
  seen.found.coarseness = noise.coarseness();
  seen.found.sharpness = noise.sharpness();
  seen.found.black = histogram.quantile(0.005);
  seen.found.white = histogram.quantile(0.995);
  seen.tone = imaging::ToneColours(seen.luma, seen.blue, seen.red);
  seen.found.colour = colour_of(seen.tone);
  return seen;
}

WholePicture read_whole(Source& source) {
  WholePicture whole{imaging::Plane(source.height(), source.width()), {}};
  if (source.has_known_damage()) whole.known = whole.luma;
  imaging::RowBuffer row;
  source.rewind();
  for (int64_t y = 0; y < source.height(); ++y) {
    source.unpack(source.next_row(), row);
    source.luma(row, whole.luma.row(y));
    if (source.has_known_damage()) source.known_damage(whole.known.row(y));
  }
  return whole;
}

}  // namespace restore

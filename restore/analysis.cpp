#include "restore/analysis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "imaging/box_downsample.h"
#include "imaging/noise_estimator.h"
#include "imaging/row_buffer.h"

namespace restore {
namespace {

/// How many pixels have which luma.
class LumaHistogram {
 public:
  void add(const float* luma, int64_t width) {
    for (int64_t x = 0; x < width; ++x) {
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

Analysis survey(const imaging::ImageFile& scan, const imaging::ToneCurve& curve, int64_t small_pixels,
                  const std::function<void(double share)>& progress) {
  const imaging::PixelFormat& form = scan.form();
  Analysis seen;
  seen.scale = imaging::downsample_scale(form.height, form.width, small_pixels);
  imaging::BoxDownsample luma(form.height, form.width, seen.scale);
  imaging::BoxDownsample blue = luma, red = luma;
  imaging::NoiseEstimator meter;
  LumaHistogram histogram;
  imaging::RowReader reader(scan.open_pixels(), scan.path());
  imaging::RowBuffer row;
  std::vector<float> blue_row(static_cast<size_t>(form.width)), red_row = blue_row;
  for (int64_t top = 0; top < form.height; top += imaging::NoiseEstimator::kStrip) {
    const imaging::RowReader::Rows rows = reader.next(imaging::NoiseEstimator::kStrip);
    imaging::Plane strip(rows.count, form.width);
    for (int64_t y = 0; y < rows.count; ++y) {
      imaging::unpack_row(rows.row(y), form, row);
      float* values = strip.row(y);
      imaging::luma_of_row(row, values);
      curve.to_srgb(values, form.width);
      if (!row.is_gray()) imaging::chroma_of_row(row, blue_row.data(), red_row.data());
      luma.add(top + y, values);
      blue.add(top + y, blue_row.data());
      red.add(top + y, red_row.data());
      histogram.add(values, form.width);
    }
    meter.add(strip);
    if (progress) {
      progress(static_cast<double>(top + rows.count) / static_cast<double>(form.height));
    }
  }
  seen.luma = luma.finish(), seen.blue = blue.finish(), seen.red = red.finish();
  seen.found.grain = meter.grain();
  seen.found.black = histogram.quantile(0.005);
  seen.found.white = histogram.quantile(0.995);
  seen.tone = imaging::ToneColours(seen.luma, seen.blue, seen.red);
  seen.found.colour = colour_of(seen.tone);
  return seen;
}

}  // namespace restore

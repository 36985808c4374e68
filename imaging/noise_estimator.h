#pragma once

#include <array>
#include <cstdint>

#include "imaging/plane.h"

namespace imaging {

/// Measures the noise of a picture by its flattest parts, and its sharpness, strip by strip.
///
/// The diagonal Haar coefficient of 2x2 pixels, (a - b - c + d) / 2, has the standard deviation of
/// white noise and is small where a picture is smooth (Donoho and Johnstone, 1994). Its deviation
/// is taken over blocks of 16x16 of the picture's pixels, of the picture and of its half, since the
/// grain of a fine scan is wider than a pixel; the flattest of a hundred counts, the others may
/// hold texture.
class NoiseEstimator {
 public:
  static constexpr int64_t kStrip = 64;  ///< rows of a strip, a multiple of a block's

  /// Luma of the next kStrip rows, 0 to 1, of the last ones less; of those the last that make no
  /// block are not looked at, nor are blocks with a NaN.
  void add(const Plane& strip);

  /// Standard deviation in levels of 255; 0 for a picture that is too small to tell.
  double grain() const;

  /// Noise of the picture's half over that of the picture: 0.5 of white noise, which cameras have,
  /// 1.4 to 3 of old scans, whose grain is wider than a pixel. 1 for a picture without noise.
  double coarseness() const;

  /// Energy of the finest detail over that of the picture's half, without noise: 0.3 to 1 of most
  /// scans, less where the finest detail is missing, 0.04 to 0.12 of one that was enlarged to twice
  /// its size. 1 for a picture that is too small or too flat to tell.
  double sharpness() const;

 private:
  static constexpr int kScales = 2, kBins = 1024;
  static constexpr double kBinsPerLevel = 16;
  struct Blocks {
    int64_t side;
    double bias;  // the flattest of a hundred blocks of white noise: its deviation over theirs
    std::array<int64_t, kBins> by_deviation{};
    int64_t count = 0;
    double squares = 0;  // of the deviations

    double noise() const;  // in levels of 255
    double energy() const;
  };
  static void add_blocks(const Plane& strip, Blocks& blocks);
  std::array<Blocks, kScales> scales_{Blocks{.side = 16, .bias = 1.25},
                                      Blocks{.side = 8, .bias = 1.66}};
};

}  // namespace imaging

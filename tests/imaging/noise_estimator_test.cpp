#include "imaging/noise_estimator.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <utility>

#include "common/random.h"

using imaging::NoiseEstimator;
using imaging::Plane;

namespace {

/// Nearly normal, of deviation 1: of twelve.
double normal(common::KeyedRandom& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// Of strips of 512 columns whose pixels are `pixel(x, y, random)`, drawn row by row.
template <class Pixel>
NoiseEstimator meter_of(int strips, const Pixel& pixel) {
  common::KeyedRandom random(5);
  NoiseEstimator meter;
  for (int strip = 0; strip < strips; ++strip) {
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; ++y) {
      for (int64_t x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = static_cast<float>(pixel(x, y, random));
      }
    }
    meter.add(plane);
  }
  return meter;
}

/// Flat or with a slope, and white noise of this deviation in levels of 255.
double measured(double deviation, double slope, double base) {
  return meter_of(4,
                  [&](int64_t x, int64_t, common::KeyedRandom& random) {
                    return base + slope * static_cast<double>(x) + deviation / 255 * normal(random);
                  })
      .grain();
}

}  // namespace

TEST(NoiseEstimator, FindsTheDeviationOfWhiteNoise) {
  for (const double deviation : {1.0, 4.0, 12.0}) {
    EXPECT_NEAR(measured(deviation, 0, 0.5), deviation, 0.15 * deviation);
    EXPECT_NEAR(measured(deviation, 0.001, 0.25), deviation, 0.15 * deviation);
  }
}

TEST(NoiseEstimator, FindsGrainThatIsTwoPixelsWide) {
  common::KeyedRandom random(5);
  NoiseEstimator meter;
  for (int strip = 0; strip < 4; ++strip) {
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; y += 2) {
      for (int64_t x = 0; x < plane.width; x += 2) {
        const float tone = 0.5F + static_cast<float>(4.0 / 255 * normal(random));
        for (const int64_t row : {y, y + 1}) plane.row(row)[x] = plane.row(row)[x + 1] = tone;
      }
    }
    meter.add(plane);
  }
  EXPECT_NEAR(meter.grain(), 4, 0.6);
}

TEST(NoiseEstimator, TextureIsNoGrainWhereAFewPlacesAreFlat) {
  const auto meter = meter_of(4, [](int64_t x, int64_t y, common::KeyedRandom& random) {
    const bool is_flat = x < 16 && y < 48;  // of 32 x 4 blocks of a strip three
    return 0.5 + (is_flat ? 1.0 : 12.0) / 255 * normal(random);
  });
  // The flattest of a hundred is in the middle of the flat blocks, and not one of the least of
  // them.
  EXPECT_NEAR(meter.grain(), 1.25, 0.15);
}

TEST(NoiseEstimator, ACleanPictureHasNone) { EXPECT_LT(measured(0, 0.001, 0.25), 0.1); }

TEST(NoiseEstimator, ClippedPartsAreNotCleanParts) {
  const auto meter = meter_of(1, [](int64_t x, int64_t, common::KeyedRandom& random) {
    const double noise = (random.uniform() - 0.5) * std::sqrt(12.0) * 5 / 255;
    return x < 256 ? 1 : 0.5 + noise;
  });
  EXPECT_NEAR(meter.grain(), 5, 1);
}

TEST(NoiseEstimator, PaintedPartsAreNotCleanPartsUnlessMostIsPainted) {
  const auto grain = [](int64_t painted) {
    return meter_of(1,
                    [&](int64_t x, int64_t, common::KeyedRandom& random) {
                      return x < painted ? 0.7 : 0.5 + 5.0 / 255 * normal(random);
                    })
        .grain();
  };
  EXPECT_NEAR(grain(64), 5, 1);
  EXPECT_NEAR(grain(192), 5, 1);
  EXPECT_EQ(grain(400), 0);
}

TEST(NoiseEstimator, TheLastRowsCountAndALowPictureHasNoOthers) {
  common::KeyedRandom random(5);
  NoiseEstimator meter;
  Plane plane(39, 512);
  for (float& value : plane.values) value = 0.5F + static_cast<float>(5.0 / 255 * normal(random));
  meter.add(plane);
  EXPECT_NEAR(meter.grain(), 5, 1);
}

TEST(NoiseEstimator, GrainIsCoarserThanWhiteNoise) {
  const auto coarseness = [](double noise, double grain) {
    std::array<double, 512> above{};
    double left = 0;
    return meter_of(4,
                    [&](int64_t x, int64_t, common::KeyedRandom& random) {
                      // The mean of each 2x2 pixels that overlap.
                      const double here = normal(random), over = above[x];
                      above[x] = here + std::exchange(left, here);
                      return 0.5 + (noise * normal(random) + grain * (above[x] + over) / 2) / 255;
                    })
        .coarseness();
  };
  EXPECT_NEAR(coarseness(5, 0), 0.5, 0.06);
  EXPECT_NEAR(coarseness(40, 0), 0.5, 0.06);
  EXPECT_GT(coarseness(0, 5), 1.2);
  EXPECT_EQ(coarseness(0, 0), 1);
}

TEST(NoiseEstimator, ATooSmallPictureTellsNothing) {
  NoiseEstimator meter;
  meter.add(Plane(15, 512));
  EXPECT_EQ(meter.grain(), 0);
  EXPECT_EQ(meter.coarseness(), 1);
  EXPECT_EQ(meter.sharpness(), 1);
}

TEST(NoiseEstimator, AnEnlargedPictureIsLessSharp) {
  const auto sharpness = [](double enlarged, double grain) {
    return meter_of(1,
                    [&](int64_t x, int64_t y, common::KeyedRandom& random) {
                      // A checked cloth that fades to the left.
                      const double cloth = std::sin(2 * static_cast<double>(x) / enlarged) *
                                           std::sin(2 * static_cast<double>(y) / enlarged);
                      const double noise = (random.uniform() - 0.5) * std::sqrt(12.0) * grain / 255;
                      return 0.5 + 0.3 * static_cast<double>(x) / 512 * cloth + noise;
                    })
        .sharpness();
  };
  for (const double grain : {0.0, 3.0}) {
    EXPECT_GT(sharpness(1, grain), 0.5);
    EXPECT_LT(sharpness(2, grain), 0.5 * sharpness(1, grain));
    EXPECT_LT(sharpness(3, grain), 0.15);
  }
}

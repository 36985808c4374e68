#include "imaging/noise_estimator.h"

#include <gtest/gtest.h>

#include <cmath>

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

/// Flat or with a slope, and white noise of this deviation in levels of 255.
double measured(double deviation, float slope, float base) {
  common::KeyedRandom random(5);
  NoiseEstimator meter;
  for (int strip = 0; strip < 4; ++strip) {
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; ++y) {
      for (int64_t x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = base + slope * static_cast<float>(x) +
                          static_cast<float>(deviation / 255 * normal(random));
      }
    }
    meter.add(plane);
  }
  return meter.grain();
}

}  // namespace

TEST(NoiseEstimator, FindsTheDeviationOfWhiteNoise) {
  for (const double deviation : {1.0, 4.0, 12.0}) {
    EXPECT_NEAR(measured(deviation, 0, 0.5F), deviation, 0.15 * deviation);
    EXPECT_NEAR(measured(deviation, 0.001F, 0.25F), deviation, 0.15 * deviation);
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
  common::KeyedRandom random(5);
  NoiseEstimator meter;
  for (int strip = 0; strip < 4; ++strip) {
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; ++y) {
      for (int64_t x = 0; x < plane.width; ++x) {
        const bool is_flat = x < 16 && y < 48;  // of 32 x 4 blocks of a strip three
        plane.row(y)[x] = 0.5F + static_cast<float>((is_flat ? 1.0 : 12.0) / 255 * normal(random));
      }
    }
    meter.add(plane);
  }
  // The flattest of a hundred is in the middle of the flat blocks, and not one of the least of
  // them.
  EXPECT_NEAR(meter.grain(), 1.25, 0.15);
}

TEST(NoiseEstimator, ACleanPictureHasNone) { EXPECT_LT(measured(0, 0.001F, 0.25F), 0.1); }

TEST(NoiseEstimator, ClippedPartsAreNotCleanParts) {
  NoiseEstimator meter;
  common::KeyedRandom random(5);
  Plane plane(NoiseEstimator::kStrip, 512);
  for (int64_t y = 0; y < plane.height; ++y) {
    for (int64_t x = 0; x < plane.width; ++x) {
      const double noise = (random.uniform() - 0.5) * std::sqrt(12.0) * 5 / 255;
      plane.row(y)[x] = x < 256 ? 1 : 0.5F + static_cast<float>(noise);
    }
  }
  meter.add(plane);
  EXPECT_NEAR(meter.grain(), 5, 1);
}

TEST(NoiseEstimator, PaintedPartsAreNotCleanPartsUnlessMostIsPainted) {
  const auto grain = [](int64_t painted) {
    common::KeyedRandom random(5);
    NoiseEstimator meter;
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; ++y) {
      for (int64_t x = 0; x < plane.width; ++x) {
        plane.row(y)[x] =
            x < painted ? 0.7F : 0.5F + static_cast<float>(5.0 / 255 * normal(random));
      }
    }
    meter.add(plane);
    return meter.grain();
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

TEST(NoiseEstimator, ATooSmallPictureTellsNothing) {
  NoiseEstimator meter;
  meter.add(Plane(15, 512));
  EXPECT_EQ(meter.grain(), 0);
  EXPECT_EQ(meter.sharpness(), 1);
}

TEST(NoiseEstimator, AnEnlargedPictureIsLessSharp) {
  const auto sharpness = [](double enlarged, double grain) {
    common::KeyedRandom random(5);
    NoiseEstimator meter;
    Plane plane(NoiseEstimator::kStrip, 512);
    for (int64_t y = 0; y < plane.height; ++y) {
      for (int64_t x = 0; x < plane.width; ++x) {  // a checked cloth that fades to the left
        const double cloth = std::sin(2 * static_cast<double>(x) / enlarged) *
                             std::sin(2 * static_cast<double>(y) / enlarged);
        const double noise = (random.uniform() - 0.5) * std::sqrt(12.0) * grain / 255;
        plane.row(y)[x] =
            static_cast<float>(0.5 + 0.3 * static_cast<double>(x) / 512 * cloth + noise);
      }
    }
    meter.add(plane);
    return meter.sharpness();
  };
  for (const double grain : {0.0, 3.0}) {
    EXPECT_GT(sharpness(1, grain), 0.5);
    EXPECT_LT(sharpness(2, grain), 0.5 * sharpness(1, grain));
    EXPECT_LT(sharpness(3, grain), 0.15);
  }
}

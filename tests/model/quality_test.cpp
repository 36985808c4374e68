#include "model/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "device/torch.h"
#include "tests/common/expect_error.h"

namespace model {
namespace {

using common::ErrorKind;

struct Pictures {
  at::Tensor clean, aged;
};

/// The pictures of golden/quality.py.
Pictures golden_pictures(int64_t height, int64_t width, int64_t noise) {
  Pictures pictures{at::empty({1, height, width}), at::empty({1, height, width})};
  auto* clean = pictures.clean.mutable_data_ptr<float>();
  auto* aged = pictures.aged.mutable_data_ptr<float>();
  int64_t state = 1;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      state = (state * 1103515245 + 12345) % (int64_t{1} << 31);
      const int64_t value = (3 * x + 5 * y + (x * y) % 17) % 256;
      const int64_t disturbed = value + (state >> 16) % (2 * noise + 1) - noise;
      *clean++ = static_cast<float>(value) / 255;
      *aged++ = static_cast<float>(std::clamp<int64_t>(disturbed, 0, 255)) / 255;
    }
  }
  return pictures;
}

TEST(Quality, PsnrAndSsimAreThoseOfScikitImage) {
  std::ifstream golden(QUALITY_GOLDEN);
  int64_t height, width, noise;
  double expected_psnr, expected_ssim;
  int rows = 0;
  while (golden >> height >> width >> noise >> expected_psnr >> expected_ssim) {
    const auto [clean, aged] = golden_pictures(height, width, noise);
    EXPECT_NEAR(psnr(clean, aged), expected_psnr, 1e-9);
    EXPECT_NEAR(ssim(clean, aged), expected_ssim, 1e-9);
    ++rows;
  }
  EXPECT_EQ(rows, 3);
}

TEST(Quality, PsnrRoundsToEightBitAndClips) {
  const at::Tensor a = at::full({3, 4, 4}, 0.5);
  EXPECT_EQ(psnr(a, a + 0.001), 100);  // the same level
  EXPECT_EQ(psnr(at::full({3, 4, 4}, 1.7), at::full({3, 4, 4}, 1.0)), 100);
  EXPECT_NEAR(psnr(at::full({3, 4, 4}, 0.0), at::full({3, 4, 4}, 1.0)), 0, 1e-12);
}

TEST(Quality, HolePsnrSeesTheDamageAlone) {
  const at::Tensor a = at::full({3, 2, 4}, 100.0 / 255);
  at::Tensor b = a.clone(), damage = at::full({1, 2, 4}, 0.4);
  b[0][0][0] = 130.0 / 255;  // an error of 30 in one of two damaged pixels of three channels
  b[1][1][3] = 0;            // an intact one
  damage[0][0][0] = 0.5;
  damage[0][1][0] = 1;
  EXPECT_NEAR(hole_psnr(a, b, damage).value(), 10 * std::log10(255.0 * 255 / (900.0 / 6)), 1e-9);
  EXPECT_EQ(hole_psnr(a, a, damage).value(), 100);
  EXPECT_FALSE(hole_psnr(a, b, damage * 0.4).has_value());
  for (const at::Tensor& other : {damage.squeeze(0), a}) {
    tests::expect_error(ErrorKind::internal, "of two equal shapes",
                        [&] { hole_psnr(a, b, other); });
  }
}

TEST(Quality, RefusesUnequalAndTooSmallPictures) {
  const auto gray = [](at::IntArrayRef shape) { return at::full(shape, 0.5); };
  const auto expect_refused = [](const auto& work) {
    tests::expect_error(ErrorKind::internal, "of two equal shapes", work);
  };
  expect_refused([&] { psnr(gray({1, 4, 4}), gray({1, 4, 5})); });
  expect_refused([&] { ssim(gray({1, 10, 20}), gray({1, 10, 20})); });
  expect_refused([&] { ssim(gray({3, 20, 20}), gray({3, 20, 20})); });
}

TEST(Quality, DamageIsCountedAndCountsAddUp) {
  const at::Tensor logits = at::tensor({2.0, 1.0, -1.0, -2.0, 3.0});
  const at::Tensor damage = at::tensor({1.0, 0.0, 0.5, 0.4, 1.0});
  DamageCounts counts = count_damage(logits, damage);
  EXPECT_EQ(counts.hits, 2);
  EXPECT_EQ(counts.false_alarms, 1);
  EXPECT_EQ(counts.misses, 1);
  EXPECT_DOUBLE_EQ(counts.f1(), 4.0 / 6);
  EXPECT_DOUBLE_EQ(damage_f1(logits, damage), 4.0 / 6);
  EXPECT_DOUBLE_EQ(counts.iou(), 2.0 / 4);
  counts += {1, 0, 3};
  EXPECT_DOUBLE_EQ(counts.f1(), 6.0 / 11);
  EXPECT_DOUBLE_EQ(counts.iou(), 3.0 / 8);
  EXPECT_EQ(DamageCounts{}.f1(), 1);
  EXPECT_EQ(DamageCounts{}.iou(), 1);
}

}  // namespace
}  // namespace model

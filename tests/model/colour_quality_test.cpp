#include "model/colour_quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "device/torch.h"
#include "tests/common/expect_error.h"

namespace model {
namespace {

using common::ErrorKind;

at::Tensor pixel(double first, double second, double third) {
  return at::tensor({first, second, third}, at::kDouble).reshape({3, 1, 1});
}

/// One row of three channels, from 8-bit levels.
at::Tensor row_of(const std::vector<double>& levels) {
  return at::tensor(levels, at::kDouble).reshape({3, 1, -1}) / 255;
}

TEST(ColourQuality, Ciede2000IsThatOfThePapers34Pairs) {
  std::ifstream pairs(CIEDE2000_PAIRS);
  double l1, a1, b1, l2, a2, b2, expected;
  int count = 0;
  while (pairs >> l1 >> a1 >> b1 >> l2 >> a2 >> b2 >> expected) {
    const at::Tensor one = pixel(l1, a1, b1), other = pixel(l2, a2, b2);
    EXPECT_NEAR(ciede2000(one, other).item<double>(), expected, 5.1e-5) << "pair " << count + 1;
    EXPECT_NEAR(ciede2000(other, one).item<double>(), expected, 5.1e-5) << "pair " << count + 1;
    EXPECT_EQ(ciede2000(one, one).item<double>(), 0);
    ++count;
  }
  EXPECT_EQ(count, 34);
}

TEST(ColourQuality, MeanDifferenceIsThatOfScikitImage) {
  std::ifstream golden(COLOUR_GOLDEN);
  std::string kind, line;
  double sum = 0;
  std::vector<double> ones(3 * 16), others(3 * 16);
  size_t count = 0;
  while (std::getline(golden, line)) {
    std::istringstream fields(line);
    double v[7];
    fields >> kind;
    if (kind != "difference") continue;
    for (double& value : v) fields >> value;
    ASSERT_TRUE(fields && count < 16) << line;
    for (size_t c = 0; c < 3; ++c) {
      ones[16 * c + count] = v[c];
      others[16 * c + count] = v[3 + c];
    }
    EXPECT_NEAR(mean_ciede2000(pixel(v[0], v[1], v[2]) / 255, pixel(v[3], v[4], v[5]) / 255), v[6],
                1e-7);
    sum += v[6];
    ++count;
  }
  ASSERT_EQ(count, 16);
  EXPECT_NEAR(mean_ciede2000(row_of(ones), row_of(others)), sum / 16, 1e-7);
}

TEST(ColourQuality, MeanDifferenceIsOfEightBitPictures) {
  EXPECT_EQ(mean_ciede2000(at::full({3, 2, 2}, 0.5), at::full({3, 2, 2}, 0.501)), 0);
  EXPECT_EQ(mean_ciede2000(at::full({3, 2, 2}, 1.5), at::full({3, 2, 2}, 1.0)), 0);
}

TEST(ColourQuality, ColourfulnessIsSigned) {
  // Two pixels (R, G, B): (100, 40, 10) and (20, 60, 120).
  const at::Tensor two = row_of({100, 20, 40, 60, 10, 120});
  // rg is 60 and -40: mean 10, deviation 50. yb is 60 and -80: mean -10, deviation 70.
  EXPECT_NEAR(colourfulness(two), std::sqrt(50.0 * 50 + 70 * 70) + 0.3 * std::sqrt(200.0), 1e-9);
  EXPECT_EQ(colourfulness(at::full({3, 4, 4}, 0.3)), 0);
  // One colour: no deviation, rg = 255, yb = 127.5.
  EXPECT_NEAR(colourfulness(row_of({255, 0, 0})), 0.3 * std::hypot(255, 127.5), 1e-9);
}

TEST(ColourQuality, RefusesOtherShapes) {
  const at::Tensor gray = at::full({1, 4, 4}, 0.5), colour = at::full({3, 4, 4}, 0.5);
  tests::expect_error(ErrorKind::internal, "takes three channels", [&] { colourfulness(gray); });
  tests::expect_error(ErrorKind::internal, "takes three channels", [&] { ciede2000(gray, gray); });
  tests::expect_error(ErrorKind::internal, "takes two equal shapes", [&] {
    mean_ciede2000(colour, at::full({3, 4, 5}, 0.5));
  });
}

}  // namespace
}  // namespace model

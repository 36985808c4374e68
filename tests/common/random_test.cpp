#include "common/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

namespace {

using common::KeyedRandom;

/// Mean and variance of many draws.
std::pair<double, double> moments(int count, const std::function<double()>& draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

TEST(Philox, EqualsThePublishedVectors) {
  // Random123's kat_vectors, philox4x32 10 rounds.
  EXPECT_EQ(common::philox({0, 0, 0, 0}, {0, 0}),
            (std::array<uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(
      common::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (std::array<uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(KeyedRandom, KeysDependOnNameNumbersAndTheirOrder) {
  const std::set<uint64_t> keys{
      common::random_key("blur", {1, 2}), common::random_key("blur", {2, 1}),
      common::random_key("dust", {1, 2}), common::random_key("blur", {1})};
  EXPECT_EQ(keys.size(), 4u);
}

TEST(KeyedRandom, UniformHasItsMomentsAndRange) {
  KeyedRandom random(5);
  const auto [mean, variance] = moments(100000, [&] { return random.uniform(-1, 3); });
  EXPECT_NEAR(mean, 1, 0.02);
  EXPECT_NEAR(variance, 16.0 / 12, 0.02);
  std::set<int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.integer(5));
  EXPECT_EQ(seen, (std::set<int64_t>{0, 1, 2, 3, 4}));
}

TEST(KeyedRandom, NormalAndGammaHaveTheirMoments) {
  KeyedRandom random(6);
  const auto normal = moments(100000, [&] { return random.normal(); });
  EXPECT_NEAR(normal.first, 0, 0.015);
  EXPECT_NEAR(normal.second, 1, 0.02);
  const auto wide = moments(100000, [&] { return random.gamma(6.1, 11); });
  EXPECT_NEAR(wide.first, 6.1 * 11, 0.5);
  EXPECT_NEAR(wide.second, 6.1 * 11 * 11, 20);
  const auto narrow = moments(100000, [&] { return random.gamma(0.63, 2); });
  EXPECT_NEAR(narrow.first, 1.26, 0.03);
  EXPECT_NEAR(narrow.second, 2.52, 0.12);
}

}  // namespace

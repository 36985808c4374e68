#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "common/random.h"

namespace {

std::vector<float> normals(uint64_t key, size_t count,
                           common::Instructions instructions = common::Instructions::best) {
  std::vector<float> values(count);
  common::fill_normal(key, values.data(), count, instructions);
  return values;
}

TEST(Normal, HasTheSameBitsWithAndWithoutAvx2) {
  const auto best = normals(3, 100'003),
             plain = normals(3, 100'003, common::Instructions::baseline);
  EXPECT_EQ(std::memcmp(best.data(), plain.data(), best.size() * sizeof(float)), 0);
}

TEST(Normal, DependsOnTheKeyAndNotOnTheCount) {
  const auto many = normals(9, 1000), few = normals(9, 7);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  EXPECT_NE(few, normals(10, 7));
}

/// Kolmogorov and Smirnov: the largest distance between the empirical and the true distribution; a
/// right generator exceeds 1.95 / sqrt(n) once in a thousand keys, and this key is one key.
TEST(Normal, FollowsTheNormalDistribution) {
  auto values = normals(1, 1'000'000);
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double expected = 0.5 * std::erfc(-double{values[i]} / std::sqrt(2.0));
    distance = std::max(distance, std::abs(expected - (static_cast<double>(i) + 0.5) / n));
  }
  EXPECT_LT(distance * std::sqrt(n), 1.95);
}

TEST(Normal, NeighboursAreIndependent) {
  const auto values = normals(2, 1'000'000);
  // 16: the two deviates of one pair lie so far apart at most.
  for (size_t lag = 1; lag <= 16; ++lag) {
    double sum = 0;
    for (size_t i = lag; i < values.size(); ++i) sum += double{values[i]} * double{values[i - lag]};
    EXPECT_LT(std::abs(sum), 4 * std::sqrt(static_cast<double>(values.size()))) << "lag " << lag;
  }
}

TEST(Normal, AddsWhatItFills) {
  const auto noise = normals(5, 5000);
  std::vector<float> values(5000, 0.5F);
  common::add_normal(5, 0.25F, values.data(), values.size());
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], 0.5F + 0.25F * noise[i]) << i;
}

}  // namespace

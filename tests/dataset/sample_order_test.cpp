#include "dataset/sampling/sample_order.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/common/expect_error.h"

namespace dataset {
namespace {

std::vector<int64_t> epoch_of(int64_t count, uint64_t seed, uint64_t epoch) {
  const SampleOrder order(count, seed, epoch);
  std::vector<int64_t> samples;
  for (int64_t position = 0; position < count; ++position) samples.push_back(order.at(position));
  return samples;
}

class OrderOf : public testing::TestWithParam<int64_t> {};

TEST_P(OrderOf, CoversEverySampleOncePerEpoch) {
  const std::vector<int64_t> samples = epoch_of(GetParam(), 7, 3);
  const std::set<int64_t> seen(samples.begin(), samples.end());
  EXPECT_EQ(static_cast<int64_t>(seen.size()), GetParam());
  EXPECT_EQ(*seen.begin(), 0);
  EXPECT_EQ(*seen.rbegin(), GetParam() - 1);
}

INSTANTIATE_TEST_SUITE_P(Counts, OrderOf, testing::Values(1, 2, 3, 5, 64, 100, 1023, 1024, 1025));

TEST(SampleOrder, DiffersByEpochAndBySeed) {
  EXPECT_EQ(epoch_of(100, 1, 0), epoch_of(100, 1, 0));
  EXPECT_NE(epoch_of(100, 1, 0), epoch_of(100, 1, 1));
  EXPECT_NE(epoch_of(100, 1, 0), epoch_of(100, 2, 0));
}

TEST(SampleOrder, PutsEverySampleEverywhereAboutEquallyOften) {
  constexpr int64_t kCount = 10, kEpochs = 4000;
  std::vector<int64_t> times(kCount * kCount);
  for (int64_t epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<int64_t> samples = epoch_of(kCount, 1, static_cast<uint64_t>(epoch));
    for (int64_t i = 0; i < kCount; ++i) {
      ++times[static_cast<size_t>(i * kCount + samples[static_cast<size_t>(i)])];
    }
  }
  // 400 expected, standard deviation 19: six of them either way.
  for (const int64_t count : times) EXPECT_NEAR(static_cast<double>(count), 400, 115);
}

TEST(SampleOrder, OfNothingIsRefused) {
  tests::expect_error(common::ErrorKind::usage, "0 samples", [] { SampleOrder(0, 1, 1); });
}

}  // namespace
}  // namespace dataset

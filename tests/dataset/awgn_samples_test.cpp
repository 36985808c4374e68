// Stores whose recipe asks for the unclipped noise of the papers on denoising, as samples are read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dataset/sampling/load_samples.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {

constexpr int64_t kSamples = 4;  // an epoch
const SamplingConfig kWhole{kTestPatch, false, 0};
constexpr size_t kPlane = kTestPatch * kTestPatch;

/// What was added to one sample of a batch: its stored `aged` is the first plane of `clean`.
std::vector<float> noise_of(const Batch& batch, size_t slot) {
  std::vector<float> noise(kPlane);
  for (size_t i = 0; i < kPlane; ++i) {
    noise[i] = batch.aged[slot * kPlane + i] - batch.clean[slot * 3 * kPlane + i];
  }
  return noise;
}

double deviation(const std::vector<float>& noise) {
  double squares = 0;
  for (const float value : noise) squares += double{value} * value;
  return std::sqrt(squares / static_cast<double>(noise.size()));
}

class AwgnSamples : public testing::Test {
 protected:
  AwgnSamples() {
    write_test_store(folder_ / "25", {kSamples}, {2}, {25, 25});
    write_test_store(folder_ / "blind", {kSamples}, {2}, {0, 70});
  }
  tests::TemporaryFolder folder_;
};

TEST_F(AwgnSamples, HaveTheStandardDeviationOfTheRecipe) {
  const Batch batch = load_samples(Store(folder_ / "25"), kWhole, 1, 0, 100);
  double squares = 0;
  for (size_t slot = 0; slot < 100; ++slot)
    squares += std::pow(deviation(noise_of(batch, slot)), 2);
  EXPECT_NEAR(std::sqrt(squares / 100) * 255, 25, 0.5);
}

TEST_F(AwgnSamples, AreAsManyAsTheRecipeSays) {
  write_test_store(folder_ / "some", {kSamples}, {2}, {25, 25}, 0.3);
  const Batch batch = load_samples(Store(folder_ / "some"), kWhole, 1, 0, 400);
  int num_noisy = 0;
  for (size_t slot = 0; slot < 400; ++slot) {
    const double added = deviation(noise_of(batch, slot));
    num_noisy += added > 0;
    if (added > 0) {
      EXPECT_GT(added * 255, 15);  // all of it or none
    }
  }
  EXPECT_GE(num_noisy, 90);  // 120 on average, a deviation of 9
  EXPECT_LE(num_noisy, 150);
}

TEST_F(AwgnSamples, LeaveDamagedOnesAsTheyAreIfTheRecipeSaysSo) {
  write_test_store(folder_ / "intact", {kSamples}, {2}, {25, 25}, 1, false);
  // Of one pixel: those of the first row have no damage, all others do.
  const Batch batch = load_samples(Store(folder_ / "intact"), {1, false, 0}, 1, 0, 200);
  int num_intact = 0;
  for (size_t slot = 0; slot < 200; ++slot) {
    const bool is_intact = batch.damage[slot] == 0;
    num_intact += is_intact;
    EXPECT_EQ(batch.aged[slot] != batch.clean[3 * slot], is_intact);
  }
  EXPECT_GT(num_intact, 0);
  EXPECT_LT(num_intact, 200);
}

TEST_F(AwgnSamples, AreNotClipped) {
  const Batch batch = load_samples(Store(folder_ / "25"), kWhole, 1, 0, 10);
  // The test's pictures are nearly black, so that clipping would take half of the noise.
  const auto negative =
      std::count_if(batch.aged.begin(), batch.aged.end(), [](float level) { return level < 0; });
  EXPECT_GT(negative, 10 * static_cast<int64_t>(kPlane) / 4);
}

TEST_F(AwgnSamples, AreDrawnAnewInEachEpochAndAreTheSameForTheSameNumber) {
  const Store store(folder_ / "25");
  const Batch epochs = load_samples(store, kWhole, 1, 0, 2 * kSamples);
  for (size_t slot = 0; slot < 2 * kSamples; ++slot) {
    const Batch again = load_samples(store, kWhole, 1, static_cast<int64_t>(slot), 1);
    EXPECT_EQ(noise_of(again, 0), noise_of(epochs, slot));
    for (size_t other = 0; other < slot; ++other) {
      EXPECT_NE(noise_of(epochs, other), noise_of(epochs, slot));
    }
  }
  EXPECT_NE(load_samples(store, kWhole, 2, 0, 1).aged, load_samples(store, kWhole, 1, 0, 1).aged);
}

TEST_F(AwgnSamples, OfValidationAreAlwaysTheSame) {
  const Store store(folder_ / "25");
  const Batch both = load_validation(store, 0, 2);
  EXPECT_EQ(noise_of(load_validation(store, 1, 1), 0), noise_of(both, 1));
  EXPECT_NE(noise_of(both, 0), noise_of(both, 1));
  EXPECT_NEAR(deviation(noise_of(both, 1)) * 255, 25, 4);
}

TEST_F(AwgnSamples, DrawTheirSigmaFromTheRangeOfABlindRecipe) {
  const Batch batch = load_samples(Store(folder_ / "blind"), kWhole, 1, 0, 200);
  std::vector<double> sigmas;
  for (size_t slot = 0; slot < 200; ++slot)
    sigmas.push_back(deviation(noise_of(batch, slot)) * 255);
  std::sort(sigmas.begin(), sigmas.end());
  EXPECT_LT(sigmas.front(), 5);
  EXPECT_NEAR(sigmas[100], 35, 8);
  EXPECT_GT(sigmas.back(), 60);
  EXPECT_LT(sigmas.back(), 80);
}

}  // namespace
}  // namespace dataset

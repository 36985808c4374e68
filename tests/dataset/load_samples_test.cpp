#include "dataset/sampling/load_samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <set>

#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {

/// Five training samples with ids 0..4 in two shards, two of validation with ids 5 and 6.
class LoadSamples : public testing::Test {
 protected:
  LoadSamples() { write_test_store(folder_.path(), {3, 2}, {2}); }
  tests::TemporaryFolder folder_;
  const SamplingConfig config_{8, true, 0};
};

int64_t byte(float value) { return std::lround(value * 255); }

/// The id of the sample in a slot: the blue plane.
int64_t id_of(const Batch& batch, int64_t slot) {
  const int64_t plane = batch.height * batch.width;
  return byte(batch.clean[static_cast<size_t>((3 * slot + 2) * plane)]);
}

TEST_F(LoadSamples, IsPureAndIndependentOfOrder) {
  const Store store(folder_.path());
  const Batch all = load_samples(store, config_, 9, 0, 12);
  for (int64_t sample = 11; sample >= 0; --sample) {
    const Batch one = load_samples(store, config_, 9, sample, 1);
    const auto part = [&](const std::pmr::vector<float>& values, int64_t planes) {
      const auto first = values.begin() + sample * planes * 64;
      return std::pmr::vector<float>(first, first + planes * 64);
    };
    EXPECT_EQ(one.clean, part(all.clean, 3)) << sample;
    EXPECT_EQ(one.aged, part(all.aged, 1)) << sample;
    EXPECT_EQ(one.damage, part(all.damage, 1)) << sample;
  }
}

TEST_F(LoadSamples, SeesEverySampleOnceAnEpoch) {
  const Store store(folder_.path());
  const Batch batch = load_samples(store, config_, 1, 0, 15);
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    std::set<int64_t> ids;
    for (int64_t i = 0; i < 5; ++i) ids.insert(id_of(batch, 5 * epoch + i));
    EXPECT_EQ(ids, (std::set<int64_t>{0, 1, 2, 3, 4})) << "epoch " << epoch;
  }
}

TEST_F(LoadSamples, CropsAndTurnsCleanAgedAndDamageAlike) {
  const Store store(folder_.path());
  const Batch batch = load_samples(store, config_, 1, 0, 40);
  for (size_t slot = 0; slot < 40; ++slot) {
    for (size_t i = 0; i < 64; ++i) {
      ASSERT_EQ(batch.clean[slot * 192 + i], batch.aged[slot * 64 + i]);
      ASSERT_EQ(batch.clean[slot * 192 + 64 + i], batch.damage[slot * 64 + i]);
    }
  }
}

TEST_F(LoadSamples, ExposesCleanAndAgedAlikeAndLeavesDamageAsItIs) {
  const Store store(folder_.path());
  const Batch plain = load_samples(store, config_, 1, 0, 20);
  const Batch exposed = load_samples(store, {8, true, 0.5}, 1, 0, 20);
  EXPECT_EQ(exposed.damage, plain.damage);
  int darker = 0, brighter = 0;
  for (size_t slot = 0; slot < 20; ++slot) {
    const float before = plain.aged[slot * 64 + 9], after = exposed.aged[slot * 64 + 9];
    EXPECT_EQ(after, exposed.clean[slot * 192 + 9]);
    EXPECT_GE(after, std::pow(before, 1.5F) - 1e-6F);
    EXPECT_LE(after, std::pow(before, 1 / 1.5F) + 1e-6F);
    darker += after < before;
    brighter += after > before;
  }
  EXPECT_GT(darker, 3);
  EXPECT_GT(brighter, 3);
}

TEST_F(LoadSamples, AreOfTheMemoryThatIsHandedIn) {
  std::vector<std::byte> pinned(size_t{1} << 16);
  std::pmr::monotonic_buffer_resource memory(pinned.data(), pinned.size(),
                                             std::pmr::null_memory_resource());
  const Store store(folder_.path());
  const Batch batch = load_samples(store, config_, 9, 0, 2, &memory);
  for (const auto* values : {&batch.aged, &batch.clean, &batch.damage}) {
    const auto* const first = reinterpret_cast<const std::byte*>(values->data());
    EXPECT_TRUE(first >= pinned.data() && first < pinned.data() + pinned.size());
  }
  EXPECT_EQ(batch.clean, load_samples(store, config_, 9, 0, 2).clean);
}

TEST_F(LoadSamples, ACropLargerThanThePatchIsRefused) {
  const Store store(folder_.path());
  tests::expect_error(common::ErrorKind::config, "sampling.crop is 17", [&] {
    load_samples(store, {17, true, 0}, 1, 0, 1);
  });
}

TEST_F(LoadSamples, ValidationIsWholePatchesInTheOrderOfTheStore) {
  const Store store(folder_.path());
  const Batch batch = load_validation(store, 0, 2);
  EXPECT_EQ(batch.height, kTestPatch);
  EXPECT_EQ(id_of(batch, 0), 5);
  EXPECT_EQ(id_of(batch, 1), 6);
  EXPECT_EQ(byte(batch.aged[3]), 3);
  EXPECT_EQ(byte(batch.damage[3 * kTestPatch]), 3);
  tests::expect_error(common::ErrorKind::usage, "no sample 2",
                      [&] { load_validation(store, 1, 2); });
}

}  // namespace
}  // namespace dataset

#include "dataset/sampling/prefetched_batches.h"

#include <gtest/gtest.h>

#include <atomic>

#include "dataset/sampling/sample_order.h"
#include "dataset/store/shard_file.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {

const SamplingConfig kConfig{8, true, 0.3};

SamplingConfig with_readers(int64_t readers) {
  SamplingConfig config = kConfig;
  config.reader_threads = readers;
  return config;
}

class PrefetchedBatchesOf : public testing::TestWithParam<int64_t> {};

TEST_P(PrefetchedBatchesOf, ReadersAreTheMicroBatchesAskedForInOrder) {
  const tests::TemporaryFolder folder;
  write_test_store(folder.path(), {7}, {1});
  const Store store(folder.path());
  PrefetchedBatches batches(store, with_readers(GetParam()), 5, 2,
                            [](int64_t turn) { return 3 * turn + 1; });
  for (int64_t turn = 0; turn < 50; ++turn) {
    const Batch expected = load_samples(store, kConfig, 5, (3 * turn + 1) * 2, 2);
    ASSERT_EQ(batches.next().clean, expected.clean) << "turn " << turn;
  }
}

TEST_P(PrefetchedBatchesOf, ReadersRethrowWhatOneMetAfterTheGoodBatches) {
  const tests::TemporaryFolder folder;
  write_test_store(folder.path(), {4}, {1});
  const auto shard = folder / "train-0.h5";
  const int64_t third = SampleOrder(4, 5, 0).at(2);
  flip_bit(shard, read_shard_file(shard).offset(ShardArray::damage, third));
  const Store store(folder.path());
  PrefetchedBatches batches(store, with_readers(GetParam()), 5, 1,
                            [](int64_t turn) { return turn; });
  EXPECT_EQ(batches.next().count, 1);
  EXPECT_EQ(batches.next().count, 1);
  for (int again = 0; again < 2; ++again) {
    tests::expect_error(common::ErrorKind::corrupt, "/damage of sample " + std::to_string(third),
                        [&] { batches.next(); });
  }
}

INSTANTIATE_TEST_SUITE_P(One, PrefetchedBatchesOf, testing::Values(1));
INSTANTIATE_TEST_SUITE_P(Three, PrefetchedBatchesOf, testing::Values(3));

TEST(PrefetchedBatches, NameTheShardOfABadSample) {
  const tests::TemporaryFolder folder;
  write_test_store(folder.path(), {1}, {1});
  const auto shard = folder / "train-0.h5";
  flip_bit(shard, read_shard_file(shard).offset(ShardArray::aged, 0));
  const Store store(folder.path());
  PrefetchedBatches batches(store, kConfig, 5, 1, [](int64_t turn) { return turn; });
  tests::expect_error(common::ErrorKind::corrupt, "train-0.h5: /aged of sample 0",
                      [&] { batches.next(); });
}

TEST(PrefetchedBatches, StopWhileTheQueueIsFull) {
  const tests::TemporaryFolder folder;
  write_test_store(folder.path(), {4}, {1});
  const Store store(folder.path());
  std::atomic<int64_t> turns = 0;
  {
    PrefetchedBatches batches(store, kConfig, 5, 1, [&](int64_t turn) { return turns = turn; });
    batches.next();
  }
  EXPECT_LE(turns, 4 + 16);  // one taken, four waiting or being read, 16 announced beyond
}

}  // namespace
}  // namespace dataset

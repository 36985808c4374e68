#include "dataset/sampling/prefetched_batches.h"

#include <gtest/gtest.h>

#include <atomic>

#include "dataset/store/shard_file.h"
#include "tests/dataset/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {

const SamplingConfig kConfig{8, true, 0.3};

TEST(PrefetchedBatches, AreTheMicroBatchesAskedForInOrder) {
  const TestFolder folder;
  write_test_store(folder.path(), {7}, {1});
  const Store store(folder.path());
  PrefetchedBatches batches(store, kConfig, 5, 2, [](int64_t turn) { return 3 * turn + 1; });
  for (int64_t turn = 0; turn < 10; ++turn) {
    const Batch expected = load_samples(store, kConfig, 5, (3 * turn + 1) * 2, 2);
    EXPECT_EQ(batches.next().clean, expected.clean) << "turn " << turn;
  }
}

TEST(PrefetchedBatches, RethrowWhatTheReadingThreadMetAfterTheGoodBatches) {
  const TestFolder folder;
  write_test_store(folder.path(), {4}, {1});
  const Store store(folder.path());
  PrefetchedBatches batches(store, kConfig, 5, 1, [](int64_t turn) {
    if (turn == 2) throw common::Error(common::ErrorKind::io, "the disk is gone");
    return turn;
  });
  EXPECT_EQ(batches.next().count, 1);
  EXPECT_EQ(batches.next().count, 1);
  for (int again = 0; again < 2; ++again) {
    expect_error(common::ErrorKind::io, "the disk is gone", [&] { batches.next(); });
  }
}

TEST(PrefetchedBatches, NameTheShardOfABadSample) {
  const TestFolder folder;
  write_test_store(folder.path(), {1}, {1});
  const auto shard = folder / "train-0.h5";
  flip_bit(shard, read_shard_file(shard).offset(ShardArray::aged, 0));
  const Store store(folder.path());
  PrefetchedBatches batches(store, kConfig, 5, 1, [](int64_t turn) { return turn; });
  expect_error(common::ErrorKind::corrupt, "train-0.h5: /aged of sample 0",
               [&] { batches.next(); });
}

TEST(PrefetchedBatches, StopWhileTheQueueIsFull) {
  const TestFolder folder;
  write_test_store(folder.path(), {4}, {1});
  const Store store(folder.path());
  std::atomic<int64_t> turns = 0;
  {
    PrefetchedBatches batches(store, kConfig, 5, 1, [&](int64_t turn) { return turns = turn; });
    batches.next();
  }
  EXPECT_LE(turns, 5);  // one taken, four waiting, none read beyond
}

}  // namespace
}  // namespace dataset

#include "dataset/store/store.h"

#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {
namespace fs = std::filesystem;
using common::ErrorKind;

class StoreTest : public testing::Test {
 protected:
  StoreTest() { write_test_store(folder_.path(), {3, 0, 2}, {2}); }

  void replace_in_manifest(const std::string& from, const std::string& to) {
    std::string text = common::read_file(folder_ / "store.json");
    const size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << text;
    common::write_file_atomically(folder_ / "store.json", text.replace(place, from.size(), to));
  }

  void expect_refused(ErrorKind kind, const std::string& words) {
    tests::expect_error(kind, words, [&] { Store store(folder_.path()); });
  }

  tests::TemporaryFolder folder_;
};

TEST_F(StoreTest, FindsEverySampleAcrossShards) {
  const Store store(folder_.path());
  EXPECT_EQ(store.num_samples(Split::train), 5);
  EXPECT_EQ(store.num_samples(Split::valid), 2);
  std::vector<uint8_t> clean(3 * 256), aged(256), damage(256);
  for (uint8_t index = 0; index < 7; ++index) {
    const Split split = index < 5 ? Split::train : Split::valid;
    store.read(split, index < 5 ? index : index - 5, clean.data(), aged.data(), damage.data());
    EXPECT_EQ(clean, test_clean(index));
    EXPECT_EQ(store.origin(split, index < 5 ? index : index - 5).photo, index);
  }
  tests::expect_error(ErrorKind::usage, "no sample 5", [&] {
    store.read(Split::train, 5, clean.data(), aged.data(), damage.data());
  });
}

TEST_F(StoreTest, KeepsItsParametersAndFingerprint) {
  const Store store(folder_.path());
  EXPECT_EQ(store.patch(), kTestPatch);
  EXPECT_EQ(store.recipe_yaml(), "gray: {}\n");
  const tests::TemporaryFolder same, other;
  write_test_store(same.path(), {3, 0, 2}, {2});
  write_test_store(other.path(), {2, 0, 3}, {2});
  EXPECT_EQ(store.fingerprint(), Store(same.path()).fingerprint());
  EXPECT_NE(store.fingerprint(), Store(other.path()).fingerprint());
}

TEST_F(StoreTest, AFolderWithoutStoreJsonIsUnfinished) {
  fs::remove(folder_ / "store.json");
  expect_refused(ErrorKind::usage, "no finished store");
}

TEST_F(StoreTest, AnotherFormatVersionIsRefusedWithWhatToRun) {
  replace_in_manifest("\"format_version\": 4", "\"format_version\": 1");
  expect_refused(ErrorKind::config, "store format 1");
  expect_refused(ErrorKind::config, "restore-shard --photos DIR --store DIR --overwrite");
}

TEST_F(StoreTest, ADamagedStoreJsonIsRefused) {
  replace_in_manifest("\"samples\": 3", "\"samples\": 4");
  expect_refused(ErrorKind::corrupt, "fingerprint");
  common::write_file_atomically(folder_ / "store.json", "{\"format\": ");
  expect_refused(ErrorKind::corrupt, "store.json is damaged");
}

TEST_F(StoreTest, ATruncatedShardIsRefusedByName) {
  fs::resize_file(folder_ / "train-2.h5", fs::file_size(folder_ / "train-2.h5") - 1);
  expect_refused(ErrorKind::corrupt, "train-2.h5 has");
  expect_refused(ErrorKind::corrupt, "run the restore-shard command of this store again");
}

TEST_F(StoreTest, AFlippedBitOfAShardsChecksumsIsRefusedByName) {
  flip_bit(folder_ / "train-0.h5",
           read_shard_file(folder_ / "train-0.h5").offset(ShardArray::xxh3, 1));
  expect_refused(ErrorKind::corrupt, "train-0.h5 is not the shard");
}

TEST_F(StoreTest, AMissingShardIsRefusedByName) {
  fs::remove(folder_ / "valid-0.h5");
  expect_refused(ErrorKind::corrupt, "valid-0.h5");
}

TEST_F(StoreTest, AnExchangedShardIsRefused) {
  write_test_shard(folder_ / "train-0.h5", 3, 100);
  expect_refused(ErrorKind::corrupt, "train-0.h5 is not the shard");
}

TEST_F(StoreTest, AShardOutsideTheFolderIsRefused) {
  replace_in_manifest("train-0.h5", "../train-0.h5");
  expect_refused(ErrorKind::corrupt, "no name of a shard");
}

}  // namespace
}  // namespace dataset

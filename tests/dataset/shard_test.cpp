#include "dataset/store/shard.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dataset/store/shard_writer.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace dataset {
namespace {
namespace fs = std::filesystem;
using common::ErrorKind;

TEST(Shard, HoldsWhatWasWritten) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 3, 40);
  const Shard shard(folder / "a.h5");
  std::vector<uint8_t> clean(3 * 256), aged(256), damage(256);
  shard.read(2, clean.data(), aged.data(), damage.data());
  EXPECT_EQ(clean, test_clean(42));
  EXPECT_EQ(aged, test_aged());
  EXPECT_EQ(damage, test_damage());
  EXPECT_EQ(shard.origin(2).photo, 42);
  EXPECT_EQ(shard.origin(2).y, 6);
  EXPECT_TRUE(shard.defects().empty());
}

class FlippedBit : public testing::TestWithParam<ShardArray> {};

TEST_P(FlippedBit, IsFoundByArrayAndSample) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 3, 0);
  flip_bit(folder / "a.h5", read_shard_file(folder / "a.h5").offset(GetParam(), 1) + 5);
  const std::vector<std::string> defects = Shard(folder / "a.h5").defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_THAT(defects[0],
              testing::HasSubstr(std::string("a.h5: ") + to_string(GetParam()) + " of sample 1 "));
}

INSTANTIATE_TEST_SUITE_P(Arrays, FlippedBit,
                         testing::Values(ShardArray::clean, ShardArray::aged, ShardArray::damage,
                                         ShardArray::origin));

TEST(Shard, AFlippedBitOfItsChecksumsIsFound) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 3, 0);
  const uint64_t before = Shard(folder / "a.h5").checksum();
  flip_bit(folder / "a.h5", read_shard_file(folder / "a.h5").offset(ShardArray::xxh3, 2) + 8);
  const Shard shard(folder / "a.h5");
  EXPECT_NE(shard.checksum(), before);
  const std::vector<std::string> defects = shard.defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_THAT(defects[0], testing::HasSubstr("/aged of sample 2 "));
}

/// The bytes of a shard that belong to no array.
std::vector<size_t> metadata_bytes(const fs::path& path) {
  const ShardLayout layout = read_shard_file(path);
  std::vector<size_t> bytes;
  for (size_t at = 0; at < fs::file_size(path); ++at) {
    const bool in_array =
        std::any_of(layout.arrays.begin(), layout.arrays.end(), [&](const ArrayPlace& array) {
          return at >= array.offset &&
                 at < array.offset + array.sample_bytes * static_cast<size_t>(layout.samples);
        });
    if (!in_array) bytes.push_back(at);
  }
  return bytes;
}

TEST(Shard, NoFlippedBitOutsideItsArraysChangesASample) {
  const tests::TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_test_shard(path, 2, 0);
  const std::vector<size_t> bytes = metadata_bytes(path);
  ASSERT_GT(bytes.size(), 1000U);
  int refused = 0;
  for (size_t i = 0; i < bytes.size(); i += 11) {
    flip_bit(path, bytes[i]);
    try {
      const Shard shard(path);
      EXPECT_EQ(shard.samples(), 2) << "byte " << bytes[i];
      EXPECT_TRUE(shard.defects().empty()) << "byte " << bytes[i];  // it was padding
    } catch (const common::Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::corrupt) << "byte " << bytes[i];
      ++refused;
    }
    flip_bit(path, bytes[i]);  // back
  }
  EXPECT_GT(refused, 50);
}

TEST(Shard, ReadsASampleWithItsChecksumFirstAndEveryFourthTime) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 1, 0);
  const Shard shard(folder / "a.h5");
  std::vector<uint8_t> clean(3 * 256), aged(256), damage(256);
  const auto read = [&] { shard.read(0, clean.data(), aged.data(), damage.data()); };
  read();
  flip_bit(folder / "a.h5", read_shard_file(folder / "a.h5").offset(ShardArray::aged, 0));
  for (int again = 0; again < 3; ++again) read();
  tests::expect_error(ErrorKind::corrupt, "a.h5: /aged of sample 0", read);
}

TEST(Shard, AFlippedBitInsideHdf5sOwnPartIsRefused) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 1, 0);
  flip_bit(folder / "a.h5", 20);  // in the superblock: where the root group lies
  tests::expect_error(ErrorKind::corrupt, "a.h5", [&] { Shard shard(folder / "a.h5"); });
}

TEST(Shard, ATruncatedFileIsRefused) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 3, 0);
  for (const uintmax_t lost : {uintmax_t{1}, uintmax_t{1000}, fs::file_size(folder / "a.h5") - 7}) {
    fs::resize_file(folder / "a.h5", fs::file_size(folder / "a.h5") - lost);
    tests::expect_error(ErrorKind::corrupt, "truncated", [&] { Shard shard(folder / "a.h5"); });
    write_test_shard(folder / "a.h5", 3, 0);
  }
}

TEST(Shard, KeepsALongTextAboutItself) {
  const tests::TemporaryFolder folder;
  std::string about(300'000, 'x');
  about += "\u00e4";
  create_shard_file(folder / "a.h5", 0, kTestPatch, about);
  EXPECT_EQ(read_shard_file(folder / "a.h5").about, about);
}

TEST(ShardWriter, LeavesNothingOfAnUnfinishedShard) {
  const tests::TemporaryFolder folder;
  { const ShardWriter writer(folder / "a.h5", 2, kTestPatch, "{}"); }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ShardWriter, DoesNotNameAShardOfWhichASampleIsMissing) {
  const tests::TemporaryFolder folder;
  ShardWriter writer(folder / "a.h5", 2, kTestPatch, "{}");
  writer.write(0, {test_clean(0).data(), test_aged().data(), test_damage().data(), {}});
  tests::expect_error(ErrorKind::corrupt, "sample 1", [&] { writer.finish(); });
  EXPECT_FALSE(fs::exists(folder / "a.h5"));
}

TEST(ShardWriter, MakesAShardWithoutSamples) {
  const tests::TemporaryFolder folder;
  write_test_shard(folder / "a.h5", 0, 0);
  EXPECT_EQ(Shard(folder / "a.h5").samples(), 0);
}

TEST(ShardWriter, AnUnknownFolderIsAnIoError) {
  const tests::TemporaryFolder folder;
  tests::expect_error(ErrorKind::io, "nowhere",
                      [&] { ShardWriter writer(folder / "nowhere/a.h5", 1, kTestPatch, "{}"); });
}

}  // namespace
}  // namespace dataset

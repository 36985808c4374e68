#include "checkpoints/checkpoint_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "common/files.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

namespace fs = std::filesystem;
using common::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kStep1[] = "step-00000001", kStep2[] = "step-00000002", kStep3[] = "step-00000003";

Checkpoint checkpoint_of(int64_t step, int64_t size = 3) {
  Checkpoint checkpoint{{}, {{"model.w", at::full({size}, static_cast<double>(step))}}};
  checkpoint.state.step = step;
  checkpoint.state.seconds = 0.1;
  return checkpoint;
}

class CheckpointFolderTest : public testing::Test {
 protected:
  void save(std::initializer_list<int64_t> steps) {
    for (const int64_t step : steps) folder_.save(checkpoint_of(step), false);
  }
  /// The step of the newest valid one, 0 for none.
  int64_t newest_step() {
    passed_over_.clear();
    const auto found = folder_.load_newest(passed_over_);
    return found ? found->state.step : 0;
  }
  void append(const char* directory, const char* file) {
    const fs::path path = root_.path() / directory / file;
    common::write_file_atomically(path, common::read_file(path) + " ");
  }

  tests::TemporaryFolder root_;
  CheckpointFolder folder_{root_.path(), 2};
  std::vector<std::string> passed_over_;
};

TEST_F(CheckpointFolderTest, GivesBackWhatWasSaved) {
  save({7});
  const auto loaded = folder_.load_newest(passed_over_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->state.step, 7);
  EXPECT_EQ(loaded->state.seconds, 0.1);
  EXPECT_THAT(common::read_file(root_.path() / "step-00000007" / "state.json"),
              HasSubstr("\"format_version\": 1"));
  ASSERT_EQ(loaded->tensors.size(), 1U);
  EXPECT_TRUE(at::equal(loaded->tensors[0].tensor, at::full({3}, 7.0)));
}

TEST_F(CheckpointFolderTest, AnEmptyFolderHasNone) {
  EXPECT_EQ(newest_step(), 0);
  EXPECT_FALSE(folder_.load_best());
  EXPECT_FALSE(CheckpointFolder(root_.path() / "none", 1).load_newest(passed_over_));
  tests::expect_error(ErrorKind::internal, "at least one checkpoint must be kept",
                      [&] { CheckpointFolder(root_.path(), 0); });
}

TEST_F(CheckpointFolderTest, KeepsTheNewestAndTheBest) {
  folder_.save(checkpoint_of(1), true);
  save({2, 3, 4});
  EXPECT_THAT(tests::names_of(root_.path()),
              ElementsAre("best.json", kStep1, kStep3, "step-00000004"));
  EXPECT_EQ(folder_.load_best()->state.step, 1);
  folder_.save(checkpoint_of(5), true);
  EXPECT_THAT(tests::names_of(root_.path()),
              ElementsAre("best.json", "step-00000004", "step-00000005"));
  EXPECT_EQ(folder_.load_best()->state.step, 5);
}

TEST_F(CheckpointFolderTest, SavingAStepAgainReplacesIt) {
  save({1});
  folder_.save(checkpoint_of(1, 5), false);
  EXPECT_EQ(folder_.load_newest(passed_over_)->tensors[0].tensor.numel(), 5);
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre(kStep1));
}

TEST_F(CheckpointFolderTest, PassesOverDamagedOnesAndNamesThem) {
  CheckpointFolder roomy(root_.path(), 4);
  for (const int64_t step : {1, 2, 3, 4}) roomy.save(checkpoint_of(step), false);
  append("step-00000004", "state.safetensors");
  append(kStep3, "state.json");
  fs::remove(root_.path() / kStep2 / "complete.json");
  EXPECT_EQ(newest_step(), 1);
  EXPECT_THAT(passed_over_,
              ElementsAre(HasSubstr("step-00000004 is damaged: size or checksum of state.safet"),
                          HasSubstr("step-00000003 is damaged: size or checksum of state.json"),
                          HasSubstr("step-00000002 is not a complete checkpoint")));
}

TEST_F(CheckpointFolderTest, ARunThatGoesBackLeavesWhatCameAfter) {
  CheckpointFolder roomy(root_.path(), 3);
  roomy.save(checkpoint_of(1), true);
  roomy.save(checkpoint_of(2), false);
  roomy.save(checkpoint_of(4), true);
  Checkpoint third = checkpoint_of(3);
  third.state.best = {1, 20.5};
  roomy.save(third, false);
  EXPECT_EQ(newest_step(), 3);
  EXPECT_EQ(roomy.load_best()->state.step, 1);
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre("best.json", kStep1, kStep2, kStep3));
  roomy.save(checkpoint_of(4), true);
  roomy.save(checkpoint_of(3), false);  // names no best of its own
  EXPECT_FALSE(roomy.load_best());
  EXPECT_EQ(newest_step(), 3);
}

TEST_F(CheckpointFolderTest, WhatWasMovedAsideIsFoundWhileNothingTookItsPlace) {
  folder_.save(checkpoint_of(1), true);
  fs::rename(root_.path() / kStep1, root_.path() / "step-00000001.old");
  EXPECT_EQ(newest_step(), 1);
  EXPECT_EQ(folder_.load_best()->state.step, 1);
  save({2});
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre("best.json", kStep1, kStep2));
  EXPECT_EQ(folder_.load_best()->state.step, 1);
}

TEST_F(CheckpointFolderTest, OneFlippedBitIsSeen) {
  save({1});
  const fs::path path = root_.path() / kStep1 / "state.safetensors";
  std::string bytes = common::read_file(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  common::write_file_atomically(path, bytes);
  EXPECT_EQ(newest_step(), 0);
  EXPECT_EQ(passed_over_.size(), 1U);
}

TEST_F(CheckpointFolderTest, PassedOverOnesDoNotCrowdOutLaterSaves) {
  CheckpointFolder narrow(root_.path(), 1);
  narrow.save(checkpoint_of(3), false);
  append(kStep3, "state.json");
  narrow.save(checkpoint_of(2), false);
  EXPECT_EQ(newest_step(), 2);
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre(kStep2));
}

TEST_F(CheckpointFolderTest, FullDiskKeepsEarlierCheckpointsAndLeavesNothing) {
  save({1, 2});
  {
    const tests::FullDisk full(4096);
    tests::expect_error(ErrorKind::io, "cannot write",
                        [&] { folder_.save(checkpoint_of(3, 5000), true); });
  }
  EXPECT_EQ(newest_step(), 2);
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre(kStep1, kStep2));
}

TEST_F(CheckpointFolderTest, WhatAKilledWriterLeftIsIgnoredAndThenRemoved) {
  save({1});
  fs::create_directory(root_.path() / "step-00000002.tmp");
  EXPECT_EQ(newest_step(), 1);
  save({3});
  EXPECT_THAT(tests::names_of(root_.path()), ElementsAre(kStep1, kStep3));
}

TEST_F(CheckpointFolderTest, RefusesAnotherFormatVersionAndABrokenBest) {
  folder_.save(checkpoint_of(1), true);
  common::write_file_atomically(root_.path() / kStep1 / "complete.json",
                                R"({"format_version": 9, "files": {}})");
  EXPECT_EQ(newest_step(), 0);
  EXPECT_THAT(passed_over_, ElementsAre(HasSubstr("format version 9; this program reads 1")));
  common::write_file_atomically(root_.path() / "best.json", "{}");
  tests::expect_error(ErrorKind::corrupt, "best.json", [&] { folder_.load_best(); });
}

}  // namespace
}  // namespace checkpoints

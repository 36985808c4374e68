#include "checkpoints/background_saver.h"

#include <gtest/gtest.h>

#include "common/files.h"
#include "device/torch.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

Checkpoint checkpoint_of(int64_t step, const at::Tensor& tensor) {
  Checkpoint checkpoint{{}, {{"model.w", tensor}}};
  checkpoint.state.step = step;
  checkpoint.state.samples = 8 * step;
  return checkpoint;
}

class BackgroundSaverTest : public testing::Test {
 protected:
  Checkpoint newest() const {
    std::vector<std::string> passed_over;
    return folder_.load_newest(passed_over).value();
  }
  tests::TemporaryFolder root_;
  const CheckpointFolder folder_{root_.path() / "checkpoints", 2};
};

TEST_F(BackgroundSaverTest, SavesWhatTheTensorsHeldWhenAsked) {
  BackgroundSaver saver(folder_);
  const at::Tensor weights = at::full({1'000'000}, 1.0);
  saver.save(checkpoint_of(1, weights), true);
  weights.fill_(2);  // training goes on
  saver.wait();
  EXPECT_TRUE(at::equal(newest().tensors[0].tensor, at::full({1'000'000}, 1.0)));
  EXPECT_EQ(newest().state.samples, 8);
  EXPECT_EQ(folder_.load_best()->state.step, 1);
}

TEST_F(BackgroundSaverTest, OneThatIsInFlightIsDoneBeforeTheNextBegins) {
  BackgroundSaver saver(folder_);
  for (const int64_t step : {1, 2, 3}) {
    saver.save(checkpoint_of(step, at::full({1'000'000}, static_cast<double>(step))), false);
    if (step > 1) {
      EXPECT_GE(newest().state.step, step - 1);
    }
  }
  saver.wait();
  EXPECT_EQ(newest().state.step, 3);
}

TEST_F(BackgroundSaverTest, AnErrorComesWithTheNextSaveOrTheWait) {
  BackgroundSaver saver(folder_);
  const at::Tensor large = at::full({5000}, 1.0);
  saver.save(checkpoint_of(1, at::full({3}, 1.0)), false);
  saver.wait();
  {
    const tests::FullDisk full(4096);
    saver.save(checkpoint_of(2, large), false);
    const auto expect_full_disk = [](const auto& work) {
      tests::expect_error(common::ErrorKind::io, "File too large", work);
    };
    expect_full_disk([&] { saver.save(checkpoint_of(3, large), false); });
    saver.save(checkpoint_of(4, large), false);
    expect_full_disk([&] { saver.wait(); });
  }
  EXPECT_EQ(newest().state.step, 1);
  saver.save(checkpoint_of(5, large), false);  // there is room again
  saver.wait();
  EXPECT_EQ(newest().state.step, 5);
}

TEST_F(BackgroundSaverTest, ItsEndWaitsForTheWrite) {
  { BackgroundSaver(folder_).save(checkpoint_of(1, at::full({1'000'000}, 1.0)), false); }
  EXPECT_EQ(newest().state.step, 1);
}

TEST(Snapshot, KeepsItsMemoryFromSaveToSave) {
  Snapshot snapshot;
  snapshot.take(checkpoint_of(1, at::full({2, 3}, 1.0)));
  const void* before = snapshot.checkpoint().tensors[0].tensor.const_data_ptr();
  const at::Tensor turned = at::arange(6).to(at::kFloat).reshape({3, 2}).t();
  snapshot.take(checkpoint_of(2, turned));
  EXPECT_EQ(snapshot.checkpoint().tensors[0].tensor.const_data_ptr(), before);
  EXPECT_TRUE(at::equal(snapshot.checkpoint().tensors[0].tensor, turned));
  snapshot.take(checkpoint_of(3, at::full({7}, 3.0)));
  EXPECT_TRUE(at::equal(snapshot.checkpoint().tensors[0].tensor, at::full({7}, 3.0)));
}

}  // namespace
}  // namespace checkpoints

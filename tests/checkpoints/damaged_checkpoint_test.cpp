// The newest checkpoint, cut off at any length or with a bit flipped at any place, is passed over
// by name, and the one before it is taken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "checkpoints/checkpoint_folder.h"
#include "common/files.h"
#include "device/torch.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

namespace fs = std::filesystem;

class DamagedCheckpoint : public testing::TestWithParam<const char*> {
 protected:
  DamagedCheckpoint() {
    for (const int64_t step : {1, 2}) {
      Checkpoint checkpoint{{}, {{"model.w", at::full({3}, static_cast<double>(step))}}};
      checkpoint.state.step = step;
      checkpoint.state.samples = 8 * step;
      folder_.save(checkpoint, false);
    }
    whole_ = common::read_file(file_);
  }

  /// What comes of the newest one when its file holds `bytes`.
  void expect_passed_over(const std::string& bytes, const std::string& how) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
    std::vector<std::string> passed_over;
    const auto found = folder_.load_newest(passed_over);
    ASSERT_TRUE(found) << how;
    if (found->state.step == 2 && is_harmless(*found)) return;
    ASSERT_EQ(found->state.step, 1) << how;
    ASSERT_THAT(passed_over, testing::ElementsAre(testing::HasSubstr("step-00000002"))) << how;
    EXPECT_TRUE(at::equal(found->tensors[0].tensor, at::full({3}, 1.0))) << how;
  }

  /// A flipped bit in complete.json can leave its meaning: the case of a digit of a checksum.
  static bool is_harmless(const Checkpoint& newest) {
    return std::string(GetParam()) == "complete.json" && newest.state.samples == 16 &&
           at::equal(newest.tensors[0].tensor, at::full({3}, 2.0));
  }

  tests::TemporaryFolder root_;
  CheckpointFolder folder_{root_.path(), 2};
  fs::path file_ = root_.path() / "step-00000002" / GetParam();
  std::string whole_;
};

TEST_P(DamagedCheckpoint, CutOffAtAnyLengthIsPassedOver) {
  for (size_t length = 0; length + 1 < whole_.size(); ++length) {  // complete.json ends with \n
    expect_passed_over(whole_.substr(0, length), "cut off to " + std::to_string(length));
  }
}

TEST_P(DamagedCheckpoint, WithAFlippedBitAnywhereIsPassedOver) {
  for (size_t bit = 0; bit < 8 * whole_.size(); bit += 3) {
    std::string bytes = whole_;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    expect_passed_over(bytes, "bit " + std::to_string(bit) + " flipped");
  }
}

INSTANTIATE_TEST_SUITE_P(, DamagedCheckpoint,
                         testing::Values("state.safetensors", "state.json", "complete.json"),
                         [](const auto& about) {
                           return fs::path(about.param).stem().string() +
                                  (fs::path(about.param).extension() == ".json" ? "Json"
                                                                                : "Tensors");
                         });

}  // namespace
}  // namespace checkpoints

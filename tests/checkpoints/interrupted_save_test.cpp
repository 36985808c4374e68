// A save that ends at any of its system calls, by SIGKILL or as the machine's power goes, leaves a
// whole checkpoint that is the earlier one or the new one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "checkpoints/background_saver.h"
#include "device/torch.h"
#include "tests/checkpoints/interrupted_writer.h"
#include "tests/common/temporary_folder.h"

namespace checkpoints {
namespace {

namespace fs = std::filesystem;

Checkpoint checkpoint_of(int64_t step, double value) {
  const at::Tensor tensor = at::full({5000}, value);
  Checkpoint checkpoint{{}, {{"model.a", tensor}, {"model.b", tensor}}};
  checkpoint.state.step = step;
  checkpoint.state.seconds = value;
  return checkpoint;
}

/// The value that all parts of a checkpoint agree on.
double value_of(const Checkpoint& checkpoint) {
  const auto value = checkpoint.state.seconds;
  EXPECT_EQ(checkpoint.tensors.size(), 2U);
  for (const auto& [name, tensor] : checkpoint.tensors) {
    EXPECT_TRUE(at::equal(tensor, at::full({5000}, value))) << name << " is of another save";
  }
  return value;
}

class InterruptedSave : public testing::TestWithParam<End> {
 protected:
  using Save = std::function<void(CheckpointFolder&)>;

  /// Interrupts `save` at each of its calls in turn, each time in a folder that `before` made, and
  /// looks at what is left with `look`. Returns how many calls there are.
  int64_t at_each_call(const Save& before, const Save& save, const Save& look) {
    for (int64_t call = 1;; ++call) {
      SCOPED_TRACE("interrupted at call " + std::to_string(call));
      const tests::TemporaryFolder root;
      CheckpointFolder folder(root.path() / "checkpoints", 1);
      before(folder);
      if (!interrupted(GetParam(), call, [&] { save(folder); })) return call - 1;
      look(folder);
      // The next start goes on as if nothing had been.
      const auto best = folder.load_best();
      folder.save(checkpoint_of(9, 9), false);
      EXPECT_EQ(folder.load_best().has_value(), best.has_value());
      std::vector<std::string> passed_over;
      EXPECT_EQ(folder.load_newest(passed_over)->state.step, 9);
      EXPECT_THAT(passed_over, testing::IsEmpty());
      for (const std::string& name : tests::names_of(root.path() / "checkpoints")) {
        EXPECT_FALSE(name.ends_with(".tmp") || name.ends_with(".old")) << name << " is left over";
      }
      if (HasFailure()) return call;
    }
  }

  static double newest(const CheckpointFolder& folder) {
    std::vector<std::string> passed_over;
    const auto found = folder.load_newest(passed_over);
    return found ? value_of(*found) : 0;
  }
};

TEST_P(InterruptedSave, LeavesTheEarlierCheckpointOrTheNewOne) {
  std::vector<double> seen;
  const int64_t num_calls =
      at_each_call([](CheckpointFolder& folder) { folder.save(checkpoint_of(1, 1), true); },
                   [](CheckpointFolder& folder) { folder.save(checkpoint_of(2, 2), true); },
                   [&](CheckpointFolder& folder) {
                     seen.push_back(newest(folder));
                     const auto best = folder.load_best();
                     ASSERT_TRUE(best);
                     EXPECT_LE(value_of(*best), seen.back());
                   });
  EXPECT_GT(num_calls, 20);
  EXPECT_EQ(seen.front(), 1);
  EXPECT_EQ(seen.back(), 2);
  EXPECT_TRUE(std::ranges::is_sorted(seen)) << testing::PrintToString(seen);
}

TEST_P(InterruptedSave, OfTheSameStepLeavesOneOfTheTwo) {
  std::vector<double> seen;
  at_each_call([](CheckpointFolder& folder) { folder.save(checkpoint_of(1, 1), true); },
               [](CheckpointFolder& folder) { folder.save(checkpoint_of(1, 2), false); },
               [&](CheckpointFolder& folder) {
                 seen.push_back(newest(folder));
                 EXPECT_EQ(value_of(*folder.load_best()), seen.back());
               });
  EXPECT_EQ(seen.front(), 1);
  EXPECT_EQ(seen.back(), 2);
  EXPECT_TRUE(std::ranges::is_sorted(seen)) << testing::PrintToString(seen);
}

TEST_P(InterruptedSave, TheFirstOfARunLeavesNoneOrIt) {
  std::vector<double> seen;
  at_each_call([](CheckpointFolder&) {},
               [](CheckpointFolder& folder) { folder.save(checkpoint_of(1, 1), true); },
               [&](CheckpointFolder& folder) { seen.push_back(newest(folder)); });
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 1);
  EXPECT_TRUE(std::ranges::is_sorted(seen)) << testing::PrintToString(seen);
}

TEST_P(InterruptedSave, InTheBackgroundIsTheSame) {
  std::vector<double> seen;
  at_each_call([](CheckpointFolder& folder) { folder.save(checkpoint_of(1, 1), true); },
               [](CheckpointFolder& folder) {
                 BackgroundSaver saver(folder);
                 saver.save(checkpoint_of(2, 2), true);
                 saver.save(checkpoint_of(3, 3), true);
                 saver.wait();
               },
               [&](CheckpointFolder& folder) {
                 seen.push_back(newest(folder));
                 EXPECT_TRUE(folder.load_best());
               });
  EXPECT_EQ(seen.front(), 1);
  EXPECT_EQ(seen.back(), 3);
  EXPECT_TRUE(std::ranges::is_sorted(seen)) << testing::PrintToString(seen);
}

INSTANTIATE_TEST_SUITE_P(, InterruptedSave,
                         testing::Values(End::kill, End::power_loss, End::lost_bytes),
                         [](const auto& about) {
                           return about.param == End::kill         ? "ByAKill"
                                  : about.param == End::power_loss ? "ByPowerLoss"
                                                                   : "ByLossOfBytes";
                         });

}  // namespace
}  // namespace checkpoints

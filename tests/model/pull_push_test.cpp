#include "model/pull_push.h"

#include <gtest/gtest.h>

#include "device/torch.h"
#include "tests/model/network_testing.h"

namespace model {
namespace {

TEST(PullPush, KeepsWhatIsTrusted) {
  const at::Tensor picture = textured(2, 24, 40), confidence = at::full({2, 1, 24, 40}, 1.0);
  EXPECT_LT(largest(pull_push(picture, confidence) - picture), 1e-6);
}

TEST(PullPush, IsMidGrayWhereNothingIsKnown) {
  const at::Tensor picture = textured(1, 24, 40);
  EXPECT_EQ(largest(pull_push(picture, at::full({1, 1, 24, 40}, 0.0)) - 0.5), 0);
}

TEST(PullPush, DoesNotSeeWhatIsNotTrusted) {
  const at::Tensor picture = textured(1, 33, 47);
  at::Tensor confidence = at::full({1, 1, 33, 47}, 1.0), other = picture.clone();
  confidence.narrow(2, 5, 20).narrow(3, 7, 30).fill_(0);
  other.narrow(2, 5, 20).narrow(3, 7, 30).fill_(3);
  EXPECT_TRUE(at::equal(pull_push(picture, confidence), pull_push(other, confidence)));
}

TEST(PullPush, GoesOnSmoothlyOverAHole) {
  // From black on the left to white on the right, of any size: odd rows, odd columns.
  const at::Tensor ramp = at::linspace(0, 1, 63).reshape({1, 1, 1, 63}).repeat({1, 1, 21, 1});
  at::Tensor confidence = at::full({1, 1, 21, 63}, 1.0);
  confidence.narrow(3, 24, 12).fill_(0);
  const at::Tensor filled = pull_push(ramp, confidence);
  EXPECT_LT(largest(filled - ramp), 0.1);
  // Better than the mean of the two sides, which is off by 6 / 62 at the rim.
  EXPECT_LT((filled - ramp).narrow(3, 24, 12).square().mean().item<double>(), 0.04 * 0.04);
}

TEST(PullPush, TheQuickOneIsTheSameButForRounding) {
  for (const auto& [height, width] : {std::pair{64, 96}, std::pair{37, 50}, std::pair{1, 9}}) {
    const at::Tensor picture = textured(2, height, width);
    const at::Tensor confidence = (1.5 * textured(2, height, width).flip(3) - 0.4).clamp(0, 1);
    EXPECT_LT(largest(quick_pull_push(picture, confidence) - pull_push(picture, confidence)), 1e-5);
  }
}

}  // namespace
}  // namespace model

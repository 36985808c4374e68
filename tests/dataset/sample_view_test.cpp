#include "dataset/sampling/sample_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace dataset {
namespace {

std::vector<float> turned(int turn) {
  const std::vector<uint8_t> patch{0, 51, 102, 153};  // 0 1 / 2 3, in steps of 51
  std::vector<float> out(4);
  copy_view({0, 0, 2, turn}, byte_curve(1), patch.data(), 1, 2, out.data());
  for (float& value : out) value *= 5;
  return out;
}

TEST(SampleView, HasTheEightSymmetriesOfTheSquare) {
  EXPECT_EQ(turned(0), (std::vector<float>{0, 1, 2, 3}));
  EXPECT_EQ(turned(1), (std::vector<float>{1, 0, 3, 2}));
  EXPECT_EQ(turned(2), (std::vector<float>{2, 3, 0, 1}));
  EXPECT_EQ(turned(4), (std::vector<float>{0, 2, 1, 3}));
  std::set<std::vector<float>> distinct;
  for (int turn = 0; turn < 8; ++turn) distinct.insert(turned(turn));
  EXPECT_EQ(distinct.size(), 8U);
}

TEST(SampleView, CopiesTheSquareAtItsPlaceOfEveryPlane) {
  std::vector<uint8_t> planes(2 * 25);
  for (size_t i = 0; i < planes.size(); ++i) planes[i] = static_cast<uint8_t>(i);
  std::vector<float> out(2 * 4);
  copy_view({3, 1, 2, 0}, byte_curve(1), planes.data(), 2, 5, out.data());
  const std::vector<float> bytes{8, 9, 13, 14, 33, 34, 38, 39};
  for (size_t i = 0; i < out.size(); ++i) EXPECT_EQ(out[i], bytes[i] / 255.0F);
}

TEST(SampleView, ReachesEveryPlaceAndTurnAndStaysInThePatch) {
  std::set<int64_t> lefts, tops, turns;
  for (int64_t sample = 0; sample < 500; ++sample) {
    const SampleView view = draw_view(16, {12, true, 0.3}, 1, sample);
    lefts.insert(view.x);
    tops.insert(view.y);
    turns.insert(view.turn);
  }
  EXPECT_EQ(lefts, (std::set<int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(tops, lefts);
  EXPECT_EQ(turns.size(), 8U);
}

TEST(SampleView, WithoutFlipsIsNotTurned) {
  for (int64_t sample = 0; sample < 50; ++sample) {
    EXPECT_EQ(draw_view(16, {12, false, 0}, 1, sample).turn, 0);
  }
}

}  // namespace
}  // namespace dataset

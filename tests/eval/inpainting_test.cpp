#include <gtest/gtest.h>

#include <numbers>
#include <numeric>

#include "eval/task.h"
#include "tests/imaging/sample_plane.h"

using eval::cut_holes;
using eval::HolePattern;
using imaging::Plane;

namespace {

const HolePattern& pattern_of(const std::string& task) {
  static const auto tasks = eval::eval_tasks({"scratches", "strokes", "holes"});
  return std::find_if(tasks.begin(), tasks.end(), [&](const auto& t) { return t.name == task; })
      ->holes;
}

double area(const Plane& holes) {
  return std::accumulate(holes.values.begin(), holes.values.end(), 0.0);
}

bool touches_border(const Plane& holes) {
  for (int64_t y = 0; y < holes.height; ++y) {
    for (int64_t x = 0; x < holes.width; ++x) {
      const bool inside = y > 0 && x > 0 && y + 1 < holes.height && x + 1 < holes.width;
      if (!inside && holes.row(y)[x] > 0) return true;
    }
  }
  return false;
}

/// The area of one shape that lies inside the picture.
double area_of_one(HolePattern pattern, uint64_t seed) {
  pattern.count = {1, 1};
  for (uint64_t key = 0; key < 50; ++key) {
    Plane picture(321, 481);
    const Plane holes = cut_holes(pattern, 100 * seed + key, picture);
    if (!touches_border(holes)) return area(holes);
  }
  ADD_FAILURE() << "no shape inside the picture";
  return 0;
}

}  // namespace

TEST(Inpainting, ALineHasTheWidthThatWasAskedFor) {
  for (const double width : {1.0, 2.0, 4.0, 5.0, 24.0}) {
    HolePattern pattern = pattern_of("scratches");
    pattern.width = {width, width};
    pattern.length = {150, 150};
    const double expected = width * 150 + std::numbers::pi * width * width / 4;  // round ends
    for (uint64_t seed = 0; seed < 4; ++seed) {
      EXPECT_NEAR(area_of_one(pattern, seed), expected, 0.12 * expected) << width << " px";
    }
  }
}

TEST(Inpainting, ABlotchHasTheAreaOfADiscOfItsDiameter) {
  for (const double diameter : {20.0, 50.0, 80.0}) {
    HolePattern pattern = pattern_of("holes");
    pattern.width = {diameter, diameter};
    const double disc = std::numbers::pi * diameter * diameter / 4;
    for (uint64_t seed = 0; seed < 4; ++seed) {
      EXPECT_NEAR(area_of_one(pattern, seed), disc, 0.2 * disc) << diameter << " px";
    }
  }
}

TEST(Inpainting, TheTasksHaveTheWidthsOfTheProtocol) {
  const auto expect_width = [](const char* task, double low, double high) {
    EXPECT_EQ(pattern_of(task).width.low, low) << task;
    EXPECT_EQ(pattern_of(task).width.high, high) << task;
  };
  expect_width("scratches", 1, 4);
  expect_width("strokes", 5, 24);
  expect_width("holes", 20, 80);
}

TEST(Inpainting, CutsHardEdgesAndNothingElse) {
  for (const char* task : {"scratches", "strokes", "holes"}) {
    const Plane before = imaging::sample_plane(200, 300);
    Plane after = before;
    const Plane holes = cut_holes(pattern_of(task), 5, after);
    for (size_t i = 0; i < before.values.size(); ++i) {
      ASSERT_TRUE(holes.values[i] == 0 || holes.values[i] == 1) << task;
      ASSERT_EQ(holes.values[i] == 1, after.values[i] != before.values[i]) << task << " at " << i;
    }
  }
}

TEST(Inpainting, DependsOnItsKeyAlone) {
  Plane picture(200, 300), other(200, 300);
  const Plane holes = cut_holes(pattern_of("strokes"), 5, picture);
  EXPECT_EQ(cut_holes(pattern_of("strokes"), 5, other).values, holes.values);
  EXPECT_EQ(picture.values, other.values);
  EXPECT_NE(cut_holes(pattern_of("strokes"), 6, other).values, holes.values);
}

TEST(Inpainting, TheShareThatIsGoneDoesNotGrowWithThePicture) {
  double small = 0, large = 0;
  for (uint64_t key = 0; key < 8; ++key) {
    Plane a(321, 481), b(642, 962);
    small += area(cut_holes(pattern_of("scratches"), key, a)) / (321 * 481 * 8);
    large += area(cut_holes(pattern_of("scratches"), key, b)) / (642 * 962 * 8);
  }
  EXPECT_NEAR(large, small, 0.25 * small);
  EXPECT_NEAR(small, 0.127, 0.03);  // as docs/evaluating.md says
}

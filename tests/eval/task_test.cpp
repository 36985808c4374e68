#include "eval/task.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "tests/common/expect_error.h"

using common::ErrorKind;
using eval::eval_tasks;
using eval::EvalSample;

namespace {

imaging::Photo flat_photo(uint8_t red, uint8_t green, uint8_t blue) {
  imaging::Photo photo{96, 64, {}};
  for (const uint8_t level : {red, green, blue}) {
    photo.rgb.insert(photo.rgb.end(), 96 * 64, level);
  }
  return photo;
}

EvalSample sample_of(const std::string& task, uint64_t photo, uint8_t level = 128) {
  return make_sample(eval_tasks({task})[0], flat_photo(level, level, level), {7, photo, 0});
}

}  // namespace

TEST(EvalTask, NoiseHasItsSigmaAndIsNotClipped) {
  const EvalSample sample = sample_of("grain-25", 1, 255);
  double sum = 0;
  for (const float value : sample.aged.values) sum += (value - 1) * (value - 1);
  EXPECT_NEAR(std::sqrt(sum / static_cast<double>(sample.aged.values.size())), 25.0 / 255, 0.003);
  EXPECT_GT(*std::max_element(sample.aged.values.begin(), sample.aged.values.end()), 1.2F);
  EXPECT_FALSE(sample.damage.has_value());
}

TEST(EvalTask, ASampleDependsOnItsPhotographAlone) {
  for (const char* task : {"grain-50", "scratches", "old-photo"}) {
    const EvalSample sample = sample_of(task, 1);
    EXPECT_EQ(sample_of(task, 1).aged.values, sample.aged.values) << task;
    EXPECT_NE(sample_of(task, 2).aged.values, sample.aged.values) << task;
  }
}

TEST(EvalTask, InpaintingLeavesWhatIsNotCutOut) {
  const EvalSample sample = sample_of("strokes", 1);
  ASSERT_TRUE(sample.damage.has_value());
  int num_cut = 0;
  for (size_t i = 0; i < sample.aged.values.size(); ++i) {
    if (sample.damage->values[i] == 0) {
      ASSERT_EQ(sample.aged.values[i], sample.clean.values[i]) << i;
    } else {
      ++num_cut;
    }
  }
  EXPECT_GT(num_cut, 50);
}

TEST(EvalTask, CleanAndColouriseGetTheLumaInWholeLevels) {
  for (const char* name : {"clean", "colourise"}) {
    const EvalSample sample =
        make_sample(eval_tasks({name})[0], flat_photo(200, 100, 50), {7, 1, 0});
    EXPECT_FLOAT_EQ(sample.clean.values[0], 124.0F / 255);  // 59.8 + 58.7 + 5.7 = 124.2
    EXPECT_EQ(sample.aged.values, sample.clean.values);
    EXPECT_FALSE(sample.damage.has_value());
  }
}

TEST(EvalTask, KnowsWhichRecipesDrawDamageAndWhereColoursAreJudged) {
  EXPECT_TRUE(eval_tasks({"old-photo"})[0].draws_damage());
  EXPECT_TRUE(eval_tasks({"seed"})[0].draws_damage());
  EXPECT_FALSE(eval_tasks({"gray"})[0].draws_damage());
  EXPECT_TRUE(eval_tasks({"old-photo"})[0].has_colours());
  EXPECT_TRUE(eval_tasks({"colourise"})[0].has_colours());
  EXPECT_FALSE(eval_tasks({"grain-25"})[0].has_colours());
}

TEST(EvalTask, BorderIsARowForEachMountAndSaysWhereItLies) {
  const auto tasks = eval_tasks({"border"});
  ASSERT_EQ(tasks.size(), dataset::ageing::kMountNames.size());
  EXPECT_EQ(tasks[5].name, "border-polaroid");
  EXPECT_EQ(eval_tasks({"border-polaroid"})[0].name, "border-polaroid");
  for (const auto& task : tasks) {
    const EvalSample sample = make_sample(task, flat_photo(128, 128, 128), {7, 1, 0});
    ASSERT_TRUE(sample.border.has_value());
    EXPECT_TRUE(task.is_undamaged());
    EXPECT_EQ(sample.aged.values, sample.clean.values) << "nothing is damaged";
    const auto& border = sample.border->values;
    EXPECT_GT(std::count(border.begin(), border.end(), 1.0F), 0) << task.name;
    EXPECT_GT(std::count(border.begin(), border.end(), 0.0F), 1000) << task.name;
  }
}

TEST(EvalTask, RefusesNamesThatAreUnknownOrThereTwice) {
  tests::expect_error(ErrorKind::config, "--task scratch: neither scratches,", [] {
    eval_tasks({"grain-25", "scratch"});
  });
  tests::expect_error(ErrorKind::usage, "'clean' is there twice", [] {
    eval_tasks({"clean", "clean"});
  });
}

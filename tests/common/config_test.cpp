#include "common/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/error.h"

namespace {

using testing::AllOf;
using testing::HasSubstr;

struct ScheduleConfig {
  int64_t steps = 100;
  double learning_rate = 1e-3;
  bool cosine = true;
  std::string name = "plain";
  common::Range sigma{0.5, 2};
  std::vector<int64_t> widths{16, 32};
  template <class F>
  void fields(F&& field) {
    field("steps", steps, "optimizer steps");
    field("learning_rate", learning_rate, "peak");
    field("cosine", cosine, "");
    field("name", name, "");
    field("sigma", sigma, "");
    field("widths", widths, "");
  }
  void validate() const {
    if (steps < 1) throw common::Error(common::ErrorKind::config, "schedule.steps must be >= 1");
  }
};

struct JobConfig {
  ScheduleConfig schedule;
  template <class S>
  void sections(S&& section) {
    section("schedule", schedule);
  }
};

class Config : public testing::Test {
 protected:
  JobConfig read(const std::string& text, const std::vector<std::string>& overrides = {}) {
    std::ofstream(path_) << text;
    JobConfig config;
    common::read_config(path_, overrides, config);
    return config;
  }
  std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
    try {
      read(text, overrides);
    } catch (const common::Error& error) {
      EXPECT_EQ(error.kind(), common::ErrorKind::config);
      return error.what();
    }
    ADD_FAILURE() << "accepted: " << text;
    return {};
  }
  std::string path_ = testing::TempDir() + "config_test.yaml";
};

TEST_F(Config, ReadsEveryTypeAndKeepsDefaultsOfTheRest) {
  const auto config =
      read("schedule:\n  steps: 7\n  sigma: [1, 3]\n  widths: [4, 8, 16]\n  name: \"a # b\"\n");
  EXPECT_EQ(config.schedule.steps, 7);
  EXPECT_EQ(config.schedule.learning_rate, 1e-3);
  EXPECT_EQ(config.schedule.sigma.low, 1);
  EXPECT_EQ(config.schedule.sigma.high, 3);
  EXPECT_EQ(config.schedule.name, "a # b");
  EXPECT_EQ(config.schedule.widths, (std::vector<int64_t>{4, 8, 16}));
}

TEST_F(Config, OverridesWinOverTheFile) {
  const auto config = read("schedule:\n  steps: 7\n", {"schedule.steps=9", "schedule.sigma=4"});
  EXPECT_EQ(config.schedule.steps, 9);
  EXPECT_EQ(config.schedule.sigma.low, 4);
  EXPECT_EQ(config.schedule.sigma.high, 4);
}

TEST_F(Config, MisspeltKeyIsRefusedWithFileLineAndNearestKey) {
  const auto message = refusal("# comment\nschedule:\n  steps: 7\n  learnig_rate: 1\n");
  EXPECT_THAT(message, HasSubstr("config_test.yaml:4"));
  EXPECT_THAT(message, HasSubstr("'schedule.learnig_rate'"));
  EXPECT_THAT(message, HasSubstr("'learning_rate'"));
}

TEST_F(Config, MisspeltSectionAndOverrideAreRefused) {
  EXPECT_THAT(refusal("schedul:\n  steps: 7\n"), HasSubstr("'schedule'"));
  EXPECT_THAT(refusal("", {"schedule.step=3"}), HasSubstr("'steps'"));
  EXPECT_THAT(refusal("", {"steps=3"}), HasSubstr("section.key=value"));
}

TEST_F(Config, WrongTypesAndImpossibleValuesAreRefused) {
  EXPECT_THAT(refusal("schedule:\n  steps: many\n"), HasSubstr("a whole number, got 'many'"));
  EXPECT_THAT(refusal("schedule:\n  sigma: [3, 1]\n"), HasSubstr("low <= high"));
  EXPECT_THAT(refusal("schedule:\n  steps: 0\n"),
              AllOf(HasSubstr("config_test.yaml: schedule.steps"), HasSubstr(">= 1")));
}

TEST_F(Config, DuplicatesAliasesAndDeepNestingAreRefused) {
  EXPECT_THAT(refusal("schedule:\n  steps: 1\n  steps: 2\n"), HasSubstr(":3: 'steps'"));
  EXPECT_THAT(refusal("schedule:\n  steps: &x 5\n"), HasSubstr("anchors"));
  EXPECT_THAT(refusal("a: &x 1\nschedule:\n  steps: *x\n"), HasSubstr("aliases"));
  EXPECT_THAT(refusal("schedule: " + std::string(40, '[') + std::string(40, ']') + "\n"),
              HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal("schedule: [1\n"), HasSubstr("config_test.yaml:"));
}

TEST_F(Config, WrittenConfigurationReadsBackToTheSame) {
  JobConfig config;
  config.schedule.learning_rate = 0.1 + 0.2;
  config.schedule.name = "quote \" and # and \\";
  config.schedule.sigma = {0.1, 0.7};
  const std::string text = common::config_yaml(config, true);
  const auto back = read(text);
  EXPECT_EQ(back.schedule.learning_rate, config.schedule.learning_rate);
  EXPECT_EQ(back.schedule.name, config.schedule.name);
  EXPECT_EQ(back.schedule.sigma.high, 0.7);
  EXPECT_THAT(text, HasSubstr("# optimizer steps"));
}

}  // namespace

#include "restore/restore_options.h"

#include <gtest/gtest.h>

#include <cmath>

#include "restore/engine.h"
#include "tests/common/expect_error.h"

using common::ErrorKind;
using restore::parse_tasks;
using restore::RestoreOptions;

TEST(RestoreOptions, TasksAreReadAndWrittenAlike) {
  for (const char* list :
       {"denoise", "inpaint", "denoise,inpaint", "denoise,inpaint,colourise", "colourise"}) {
    EXPECT_EQ(to_string(parse_tasks(list)), list);
  }
}

TEST(RestoreOptions, RefusesUnknownTasksAndNone) {
  for (const char* list : {"", "polish", "denoise, inpaint", "Inpaint", "fill"}) {
    tests::expect_error(ErrorKind::usage, "--tasks", [&] { parse_tasks(list); });
  }
}

TEST(RestoreOptions, AStrengthIsANumberOrAuto) {
  EXPECT_EQ(restore::parse_strength("0.25"), 0.25);
  EXPECT_EQ(restore::parse_strength("auto"), std::nullopt);
  EXPECT_EQ(restore::strength_text(1.0), "1");
  EXPECT_EQ(restore::strength_text(std::nullopt), "auto");
  for (const char* text : {"-0.1", "1.1", "nan", "0.5x", "much", ""}) {
    tests::expect_error(ErrorKind::usage, "--strength", [&] { restore::parse_strength(text); });
  }
}

TEST(RestoreOptions, RefusesAStrengthOutsideItsRange) {
  RestoreOptions options;
  for (const double strength : {-0.1, 1.5}) {
    options.strength = strength;
    tests::expect_error(ErrorKind::usage, "0 to 1", [&] { options.validate(); });
  }
}

TEST(RestoreOptions, ASensitivityIsANumberFromMinusTwoToTwo) {
  EXPECT_EQ(restore::parse_sensitivity("-1.5"), -1.5);
  EXPECT_EQ(restore::parse_sensitivity("2"), 2);
  for (const char* text : {"-2.1", "2.1", "nan", "-nan", "inf", "1x", "much", ""}) {
    tests::expect_error(ErrorKind::usage, "--sensitivity",
                        [&] { restore::parse_sensitivity(text); });
  }
  RestoreOptions options;
  for (const double sensitivity : {-2.1, 2.1, std::nan("")}) {
    options.sensitivity = sensitivity;
    tests::expect_error(ErrorKind::usage, "-2 to 2", [&] { options.validate(); });
  }
}

TEST(RestoreOptions, RefusesASensitivityThatHasNoSay) {
  RestoreOptions options;
  options.sensitivity = -1;
  EXPECT_NO_THROW(refuse_contradictions(options));
  options.tasks.inpaint = false;
  tests::expect_error(ErrorKind::usage, "--tasks denoise", [&] { refuse_contradictions(options); });
  options.tasks.inpaint = true, options.mask = "mask.png", options.only_mask = true;
  tests::expect_error(ErrorKind::usage, "--only-mask", [&] { refuse_contradictions(options); });
}

TEST(RestoreOptions, OnlyTheMaskNeedsAMask) {
  RestoreOptions options;
  options.only_mask = true;
  tests::expect_error(ErrorKind::usage, "--mask", [&] { options.validate(); });
  options.mask = "mask.png";
  EXPECT_NO_THROW(options.validate());
}

TEST(RestoreOptions, RefusesWhatContradictsItself) {
  RestoreOptions options;
  options.tasks.inpaint = false;
  EXPECT_NO_THROW(refuse_contradictions(options));
  options.mask = "mask.png";
  tests::expect_error(ErrorKind::usage, "--mask", [&] { refuse_contradictions(options); });
  options.mask.clear(), options.infrared = true;
  tests::expect_error(ErrorKind::usage, "--infrared", [&] { refuse_contradictions(options); });
  options.infrared = false, options.keep_colour = true;
  tests::expect_error(ErrorKind::usage, "--keep-colour", [&] { refuse_contradictions(options); });
}

TEST(EngineOptions, ReadsMegabytesAndGigabytes) {
  EXPECT_EQ(restore::parse_memory("900M"), int64_t{900} << 20);
  EXPECT_EQ(restore::parse_memory("1.5G"), int64_t{3} << 29);
  for (const char* text : {"", "2", "G", "2g", "-1G", "0M", "2GB", "nanG", "1e300G"}) {
    tests::expect_error(ErrorKind::usage, "--memory", [&] { restore::parse_memory(text); });
  }
}

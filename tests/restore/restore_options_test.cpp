#include "restore/restore_options.h"

#include <gtest/gtest.h>

#include "common/error.h"

using restore::parse_tasks;
using restore::RestoreOptions;

TEST(RestoreOptions, TasksAreReadAndWrittenAlike) {
  for (const char* list : {"denoise", "fill", "denoise,fill", "denoise,fill,colour", "colour"}) {
    EXPECT_EQ(to_string(parse_tasks(list)), list);
  }
}

TEST(RestoreOptions, RefusesUnknownTasksAndNone) {
  for (const char* list : {"", "polish", "denoise, fill", "Fill"}) {
    EXPECT_THROW(parse_tasks(list), common::Error) << list;
  }
}

TEST(RestoreOptions, RefusesAStrengthOutsideItsRange) {
  RestoreOptions treatment;
  for (const double strength : {-0.1, 1.5}) {
    treatment.strength = strength;
    EXPECT_THROW(treatment.validate(), common::Error);
  }
}

TEST(RestoreOptions, OnlyTheMaskNeedsAMask) {
  RestoreOptions treatment;
  treatment.only_mask = true;
  EXPECT_THROW(treatment.validate(), common::Error);
  treatment.mask = "mask.png";
  EXPECT_NO_THROW(treatment.validate());
}

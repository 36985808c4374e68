#include "restore/process.h"

#include <gtest/gtest.h>

#include "common/error.h"

using restore::parse_memory;

TEST(Process, ReadsMegabytesAndGigabytes) {
  EXPECT_EQ(parse_memory("900M"), int64_t{900} << 20);
  EXPECT_EQ(parse_memory("1.5G"), int64_t{3} << 29);
}

TEST(Process, RefusesWhatIsNoAmountOfMemory) {
  for (const char* text : {"", "2", "G", "2g", "-1G", "0M", "2GB", "nanG", "1e300G"}) {
    EXPECT_THROW(parse_memory(text), common::Error) << text;
  }
}

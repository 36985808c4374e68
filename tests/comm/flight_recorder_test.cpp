#include "comm/flight_recorder.h"

#include <gtest/gtest.h>

namespace {

TEST(FlightRecorder, KeepsTheLast64InOrder) {
  comm::FlightRecorder log;
  for (int i = 1; i <= 70; ++i) log.leave(log.enter("all_reduce", "bucket 0", 4 * i));
  const auto records = log.newest();
  ASSERT_EQ(records.size(), 64U);
  EXPECT_EQ(log.num_entered(), 70);
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].sequence, 7 + static_cast<int64_t>(i));
    EXPECT_EQ(records[i].bytes, 4 * records[i].sequence);
    EXPECT_GE(records[i].left_s.value(), records[i].entered_s);
  }
}

TEST(FlightRecorder, ShowsWhichOnesHaveNotEnded) {
  comm::FlightRecorder log;
  const int64_t first = log.enter("all_reduce", "bucket 0", 0);
  log.enter("all_reduce", "bucket 1", 0);
  log.leave(first);
  EXPECT_TRUE(log.newest()[0].left_s.has_value());
  EXPECT_FALSE(log.newest()[1].left_s.has_value());
}

TEST(FlightRecorder, ForgetsTheEndOfOneThatIsNoLongerKept) {
  comm::FlightRecorder log;
  const int64_t first = log.enter("all_reduce", "bucket 0", 0);
  for (int i = 0; i < 64; ++i) log.enter("barrier", "", 0);
  log.leave(first);
  for (const auto& record : log.newest()) EXPECT_FALSE(record.left_s.has_value());
}

}  // namespace

#include "comm/flight_recorder.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <tuple>

#include "comm/group.h"
#include "device/torch.h"

namespace {

TEST(FlightRecorder, KeepsTheLast64InOrder) {
  comm::FlightRecorder recorder;
  for (int i = 1; i <= 70; ++i) recorder.leave(recorder.enter("all_reduce", "bucket 0", 4 * i));
  const auto records = recorder.newest();
  ASSERT_EQ(records.size(), 64U);
  EXPECT_EQ(recorder.num_entered(), 70);
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].sequence, 7 + static_cast<int64_t>(i));
    EXPECT_EQ(records[i].bytes, 4 * records[i].sequence);
    EXPECT_GE(records[i].left_s.value(), records[i].entered_s);
  }
}

TEST(FlightRecorder, ShowsWhichOnesHaveNotEnded) {
  comm::FlightRecorder recorder;
  const int64_t first = recorder.enter("all_reduce", "bucket 0", 0);
  recorder.enter("all_reduce", "bucket 1", 0);
  recorder.leave(first);
  EXPECT_TRUE(recorder.newest()[0].left_s.has_value());
  EXPECT_FALSE(recorder.newest()[1].left_s.has_value());
}

TEST(FlightRecorder, ForgetsTheEndOfOneThatIsNoLongerKept) {
  comm::FlightRecorder recorder;
  const int64_t first = recorder.enter("all_reduce", "bucket 0", 0);
  for (int i = 0; i < 64; ++i) recorder.enter("barrier", "", 0);
  recorder.leave(first);
  for (const auto& record : recorder.newest()) EXPECT_FALSE(record.left_s.has_value());
}

using Row = std::tuple<std::string, std::string, int64_t>;

std::vector<Row> rows_of(const comm::FlightRecorder& recorder) {
  std::vector<Row> rows;
  for (const auto& record : recorder.newest())
    rows.emplace_back(record.kind, record.what, record.bytes);
  return rows;
}

TEST(RecordedGroup, NotesEveryCollectiveWithItsBytes) {
  comm::SingleGroup alone;
  comm::FlightRecorder recorder;
  comm::RecordedGroup group(alone, recorder);
  at::Tensor numbers = at::ones({3}, at::kDouble);
  group.all_reduce_sum(numbers);
  group.broadcast(numbers, 0);
  EXPECT_EQ(group.all_gather(5), std::vector<int64_t>{5});
  group.barrier();
  EXPECT_EQ(rows_of(recorder), (std::vector<Row>{{"all_reduce", "3 Double", 24},
                                                 {"broadcast", "3 Double", 24},
                                                 {"all_gather", "one number", 8},
                                                 {"barrier", "", 0}}));
  for (const auto& record : recorder.newest()) EXPECT_TRUE(record.left_s.has_value());
}

TEST(RecordedGroup, NamesBuffersByTheOrderOfMaking) {
  comm::SingleGroup alone;
  comm::FlightRecorder recorder;
  comm::RecordedGroup group(alone, recorder);
  const auto first = group.make_all_reduce_buffer(2), second = group.make_all_reduce_buffer(5);
  second->sum();
  EXPECT_EQ(rows_of(recorder), (std::vector<Row>{{"make_buffer", "bucket 0", 8},
                                                 {"make_buffer", "bucket 1", 20},
                                                 {"all_reduce", "bucket 1", 20}}));
}

TEST(RecordedGroup, ASumIsOpenFromItsBeginningToItsEnd) {
  comm::SingleGroup alone;
  comm::FlightRecorder recorder;
  comm::RecordedGroup group(alone, recorder);
  const auto buffer = group.make_all_reduce_buffer(2);
  buffer->begin_sum();
  EXPECT_FALSE(recorder.newest().back().left_s.has_value());
  buffer->end_sum();
  EXPECT_TRUE(recorder.newest().back().left_s.has_value());
}

class CutOff : public comm::SingleGroup {
 public:
  void barrier() override { throw std::runtime_error("cut off"); }
};

TEST(RecordedGroup, ACollectiveThatThrowsStaysOpen) {
  CutOff cut_off;
  comm::FlightRecorder recorder;
  comm::RecordedGroup group(cut_off, recorder);
  EXPECT_THROW(group.barrier(), std::runtime_error);
  EXPECT_FALSE(recorder.newest().back().left_s.has_value());
}

}  // namespace

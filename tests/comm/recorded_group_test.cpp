#include "comm/recorded_group.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <tuple>

#include "comm/single_group.h"
#include "device/torch.h"

namespace {

using Row = std::tuple<std::string, std::string, int64_t>;

std::vector<Row> rows_of(const comm::FlightRecorder& log) {
  std::vector<Row> rows;
  for (const auto& record : log.newest()) rows.emplace_back(record.kind, record.what, record.bytes);
  return rows;
}

TEST(RecordedGroup, NotesEveryCollectiveWithItsBytes) {
  comm::SingleGroup alone;
  comm::FlightRecorder log;
  comm::RecordedGroup group(alone, log);
  at::Tensor numbers = at::ones({3}, at::kDouble);
  group.all_reduce_sum(numbers);
  group.broadcast(numbers, 0);
  EXPECT_EQ(group.all_gather(5), std::vector<int64_t>{5});
  group.barrier();
  EXPECT_EQ(rows_of(log), (std::vector<Row>{{"all_reduce", "3 Double", 24},
                                            {"broadcast", "3 Double", 24},
                                            {"all_gather", "one number", 8},
                                            {"barrier", "", 0}}));
  for (const auto& record : log.newest()) EXPECT_TRUE(record.left_s.has_value());
}

TEST(RecordedGroup, NamesBuffersByTheOrderOfMaking) {
  comm::SingleGroup alone;
  comm::FlightRecorder log;
  comm::RecordedGroup group(alone, log);
  const auto first = group.make_sum_buffer(2), second = group.make_sum_buffer(5);
  second->sum();
  EXPECT_EQ(rows_of(log), (std::vector<Row>{{"make_buffer", "bucket 0", 8},
                                            {"make_buffer", "bucket 1", 20},
                                            {"all_reduce", "bucket 1", 20}}));
}

TEST(RecordedGroup, ASumIsOpenFromItsBeginningToItsEnd) {
  comm::SingleGroup alone;
  comm::FlightRecorder log;
  comm::RecordedGroup group(alone, log);
  const auto buffer = group.make_sum_buffer(2);
  buffer->begin_sum();
  EXPECT_FALSE(log.newest().back().left_s.has_value());
  buffer->end_sum();
  EXPECT_TRUE(log.newest().back().left_s.has_value());
}

class CutOff : public comm::SingleGroup {
 public:
  void barrier() override { throw std::runtime_error("cut off"); }
};

TEST(RecordedGroup, ACollectiveThatThrowsStaysOpen) {
  CutOff cut_off;
  comm::FlightRecorder log;
  comm::RecordedGroup group(cut_off, log);
  EXPECT_THROW(group.barrier(), std::runtime_error);
  EXPECT_FALSE(log.newest().back().left_s.has_value());
}

}  // namespace

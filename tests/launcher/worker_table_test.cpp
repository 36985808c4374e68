#include "launcher/worker_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace launcher {
namespace {

using health::WorkerStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

WorkerStatus worker_at(int rank, int64_t step, double age_s = 0.2) {
  return {.heartbeat =
              {.rank = rank, .host = "node", .step = step, .phase = "step", .samples_per_s = 53.25},
          .silent_s = age_s};
}

TEST(WorkerTable, HasALineForEachWorker) {
  EXPECT_THAT(table_lines({worker_at(0, 1200), worker_at(1, 1199, 4.5)}, {}),
              ElementsAre("worker  host  phase            step  samples/s  last sign",
                          "     0  node  step             1200       53.2  0.2 s ago",
                          "     1  node  step             1199       53.2  4.5 s ago"));
}

TEST(WorkerTable, MarksTheLateInRedOnlyWhereColoursAreWanted) {
  const auto lines = table_lines({worker_at(0, 9), worker_at(1, 9, 4.5)}, {.colours = true});
  EXPECT_THAT(lines[1], Not(HasSubstr("\x1b")));
  EXPECT_THAT(lines[2], testing::StartsWith("\x1b[31m"));
}

TEST(WorkerTable, ShowsThoseFurthestBehindWhereThereIsNoRoomForAll) {
  std::vector<WorkerStatus> workers;
  for (int rank = 0; rank < 100; ++rank) workers.push_back(worker_at(rank, rank == 77 ? 3 : 8));
  workers[50].heartbeat.step = 4;
  const auto lines = table_lines(workers, {.rows = 2});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[1], HasSubstr("    50  node"));
  EXPECT_THAT(lines[2], HasSubstr("    77  node"));
  EXPECT_EQ(lines[3], "... and 98 that are further on");
}

TEST(WorkerTable, CutsLinesToTheTerminal) {
  for (const std::string& line : table_lines({worker_at(0, 9)}, {.columns = 20}))
    EXPECT_EQ(line.size(), 20U);
}

TEST(WorkerTable, SaysInALineWhoIsBehind) {
  EXPECT_EQ(summary_line({worker_at(0, 9), worker_at(1, 8), worker_at(2, 9)}),
            "3 workers, step 9, furthest behind worker 1 in phase step");
}

}  // namespace
}  // namespace launcher

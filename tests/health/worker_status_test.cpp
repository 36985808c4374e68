#include "health/worker_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace health {
namespace {

using testing::HasSubstr;
using testing::Not;

WorkerStatus worker_at(int rank, int64_t sequence, double silent_s = 0) {
  return {.heartbeat = {.rank = rank,
                        .num_workers = 3,
                        .host = "node" + std::to_string(rank),
                        .pid = 4000 + rank,
                        .step = 12,
                        .sequence = sequence,
                        .phase = "step",
                        .phase_s = 61},
          .silent_s = silent_s};
}

WorkerStatus in_collective(int rank, int64_t sequence) {
  WorkerStatus worker = worker_at(rank, sequence);
  worker.last = {sequence, "all_reduce", "bucket 3", 4096, 10, std::nullopt};
  return worker;
}

WorkerStatus at_work_after(int rank, int64_t sequence) {
  WorkerStatus worker = in_collective(rank, sequence);
  worker.last->left_s = 10.5;
  return worker;
}

TEST(WhoIsBehind, IsTheOneThatEnteredTheFewestCollectives) {
  const std::string sentence =
      who_is_behind({worker_at(0, 9), worker_at(1, 9), worker_at(2, 7)}, 3);
  EXPECT_THAT(sentence, HasSubstr("worker 2 (process 4002 on node2) is behind"));
  EXPECT_THAT(sentence, HasSubstr("7 collectives entered; others have entered 9"));
}

TEST(WhoIsBehind, IsTheOneThatTheOthersWaitFor) {
  const std::string sentence =
      who_is_behind({in_collective(0, 40), at_work_after(1, 39), in_collective(2, 40)}, 3);
  EXPECT_THAT(sentence, HasSubstr("worker 1 (process 4001 on node1) is behind: in phase step after "
                                  "step 12 for 61 s, at work after collective 39"));
  EXPECT_THAT(sentence, HasSubstr("the others wait for it in collective 40 (all_reduce of bucket "
                                  "3, 4096 bytes)"));
}

TEST(WhoIsBehind, IsTheOneInAnEarlierCollective) {
  EXPECT_THAT(who_is_behind({in_collective(0, 40), in_collective(1, 38)}, 2),
              HasSubstr("worker 1 (process 4001 on node1) is behind: in phase step after step 12 "
                        "for 61 s, still in collective 38"));
}

TEST(WhoIsBehind, AreThoseWhoseBeatHasStopped) {
  const std::string sentence =
      who_is_behind({worker_at(0, 9), worker_at(1, 9, 58), worker_at(2, 8, 1)}, 3);
  EXPECT_THAT(sentence, HasSubstr("worker 1 (process 4001 on node1) gave no sign of life for 58.0 "
                                  "s, in phase step after step 12: stopped"));
  EXPECT_THAT(sentence, Not(HasSubstr("worker 2")));
  EXPECT_THAT(who_is_behind({worker_at(0, 9), worker_at(1, 9, 58), worker_at(2, 8, 57)}, 3),
              HasSubstr(" and worker 2 (process 4002 on node2) gave no sign of life for 57.0 s"));
}

TEST(WhoIsBehind, MayBeOneThatIsGone) {
  WorkerStatus gone = worker_at(1, 9, 1);
  gone.gone = true;
  EXPECT_THAT(who_is_behind({worker_at(0, 9), gone}, 2), HasSubstr("its process is gone"));
  gone.heartbeat.phase = "end";  // it has done its work
  EXPECT_THAT(who_is_behind({worker_at(0, 8), gone}, 2), HasSubstr("worker 0 (process 4000"));
}

TEST(WhoIsBehind, IsNobodyForBeingSilentWhereAllAreSilent) {
  EXPECT_THAT(who_is_behind({worker_at(0, 9, 600), worker_at(1, 8, 601)}, 2),
              HasSubstr("worker 1 (process 4001 on node1) is behind"));
}

TEST(WhoIsBehind, MayBeOneThatNeverStarted) {
  EXPECT_THAT(who_is_behind({worker_at(0, 6), worker_at(2, 6)}, 3),
              HasSubstr("worker 1 has no heartbeat"));
}

TEST(WhoIsBehind, IsNobodyWhereAllAreInOneCollective) {
  EXPECT_THAT(who_is_behind({worker_at(0, 9), worker_at(1, 9), worker_at(2, 9)}, 3),
              HasSubstr("no worker is behind, all have entered collective 9"));
  EXPECT_THAT(who_is_behind({in_collective(0, 40), in_collective(1, 40)}, 2),
              HasSubstr("no worker is behind, all have entered collective 40 (all_reduce of"));
}

TEST(WhoIsBehind, IsTheOnlyWorker) {
  EXPECT_THAT(who_is_behind({worker_at(0, 9)}, 1), HasSubstr("worker 0 (process 4000 on node0)"));
}

TEST(FurthestBehind, IsTheLostWorkerThatWasSilentForLongest) {
  EXPECT_EQ(
      furthest_behind({worker_at(0, 7), worker_at(1, 9, 5), worker_at(2, 9, 8)}).heartbeat.rank, 2);
}

}  // namespace
}  // namespace health

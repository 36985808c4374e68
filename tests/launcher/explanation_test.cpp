#include "launcher/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace launcher {
namespace {

using health::Dump;
using health::WorkerStatus;
using testing::HasSubstr;

health::Heartbeat stuck(int rank, int attempt, int64_t sequence = 40) {
  return {.rank = rank,
          .num_workers = 2,
          .host = "a",
          .pid = 100 + rank,
          .attempt = attempt,
          .step = 12,
          .sequence = sequence,
          .phase = "step",
          .phase_s = 61};
}

/// Of a worker within collective `sequence`.
Dump waiting(int rank, int64_t sequence) {
  return {.self = stuck(rank, 1, sequence),
          .deadline_s = 60,
          .collectives = {{sequence, "all_reduce", "bucket 3", 4096, 10, std::nullopt}}};
}

/// Of a worker that has left its last collective and computes.
Dump at_work(int rank, int64_t sequence) {
  Dump dump = waiting(rank, sequence);
  dump.collectives.back().left_s = 10.5;
  return dump;
}

/// Of worker 0, which saw worker 1 like this.
Dump waiting_for(int64_t sequence, double silent_s) {
  Dump dump = waiting(0, 40);
  dump.others = {{.heartbeat = stuck(1, 1, sequence), .silent_s = silent_s}};
  return dump;
}

WorkerStatus heartbeat_of(int rank, int attempt, double age_s) {
  return {.heartbeat = stuck(rank, attempt), .silent_s = age_s};
}

std::string explanation(const std::vector<Dump>& dumps,
                        const std::vector<WorkerStatus>& heartbeats = {}) {
  return explain(last_status(dumps, heartbeats));
}

TEST(Explanation, NamesTheWorkerThatTheOthersWaitFor) {
  const std::string text = explanation({waiting(0, 40), at_work(1, 39)});
  EXPECT_THAT(text, HasSubstr("worker 1 (process 101 on a) is behind: in phase step after step 12 "
                              "for 61 s, at work after collective 39"));
  EXPECT_THAT(text, HasSubstr("the others wait for it in collective 40 (all_reduce of bucket 3, "
                              "4096 bytes)"));
}

TEST(Explanation, KnowsAStoppedWorkerByWhatOthersSaw) {
  EXPECT_THAT(explanation({waiting_for(39, 58)}),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 58.0 s, in phase "
                        "step after step 12: stopped"));
}

TEST(Explanation, NamesAWorkerThatWasGoneBeforeTheDeadline) {
  EXPECT_THAT(explanation({waiting_for(41, 1)}),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 1.0 s, in phase step "
                        "after step 12: its process is gone"));
}

TEST(Explanation, TakesTheLatestOfWhatTellsOfAWorkerWithoutADump) {
  const LastStatus status = last_status({waiting_for(41, 9)}, {heartbeat_of(1, 1, 2)});
  ASSERT_EQ(status.workers.size(), 2U);
  EXPECT_EQ(status.workers[1].heartbeat.sequence, 41);
  EXPECT_EQ(status.workers[1].silent_s, 9);
}

TEST(Explanation, IsOfTheAttemptThatLeftDumpsAndNotOfTheOneThatRunsNow) {
  const LastStatus status = last_status({waiting(0, 40), at_work(1, 39)},
                                        {heartbeat_of(0, 2, 0.1), heartbeat_of(1, 2, 50)});
  EXPECT_EQ(status.attempt, 1);
  EXPECT_THAT(explain(status), HasSubstr("worker 1 (process 101 on a) is behind"));
}

TEST(Explanation, PassesOverDumpsOfEarlierAttempts) {
  Dump old = at_work(1, 2);
  old.self.attempt = 0;
  EXPECT_THAT(explanation({waiting_for(40, 9), old}),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 9.0 s"));
}

TEST(Explanation, WithoutDumpsTakesHeartbeats) {
  EXPECT_THAT(explanation({}, {heartbeat_of(0, 2, 100), heartbeat_of(1, 2, 130)}),
              HasSubstr("worker 1 (process 101 on a) gave no sign of life for 30.0 s"));
  EXPECT_THAT(explanation({}, {heartbeat_of(0, 2, 0.2), heartbeat_of(1, 2, 0.4)}),
              HasSubstr("no deadline has passed"));
}

}  // namespace
}  // namespace launcher

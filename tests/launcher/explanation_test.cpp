#include "launcher/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace launcher {
namespace {

using testing::HasSubstr;

/// A worker in phase step after step 12, within collective `sequence`.
Dump waiting(int rank, int64_t sequence) {
  return {.rank = rank,
          .num_workers = 2,
          .attempt = 1,
          .host = "a",
          .step = 12,
          .sequence = sequence,
          .phase = "step",
          .phase_s = 61,
          .deadline_s = 60,
          .collectives = {{sequence, "all_reduce", "bucket 3", 4096, 10, std::nullopt}}};
}

/// A worker that has left its last collective and computes.
Dump at_work(int rank, int64_t sequence) {
  Dump dump = waiting(rank, sequence);
  dump.collectives.back().left_s = 10.5;
  return dump;
}

std::string explanation(const std::vector<Dump>& dumps,
                        const std::vector<WorkerSight>& beats = {}) {
  return explain(standings_of(dumps, beats));
}

WorkerSight beat_of(int rank, int attempt, double age_s) {
  return {.heartbeat =
              {.rank = rank, .host = "b", .attempt = attempt, .step = 20, .phase = "data"},
          .age_s = age_s};
}

TEST(Explanation, NamesTheWorkerThatTheOthersWaitFor) {
  const std::string text = explanation({waiting(0, 40), at_work(1, 39), waiting(2, 40)});
  EXPECT_THAT(text,
              HasSubstr("Worker 1 on a was behind: it was at work in phase step after step 12 "
                        "for 61 s, after collective 39"));
  EXPECT_THAT(text, HasSubstr("the others wait for it in collective 40 (all_reduce of bucket 3, "
                              "4096 bytes)"));
}

TEST(Explanation, NamesTheWorkerInAnEarlierCollective) {
  EXPECT_THAT(explanation({waiting(0, 40), waiting(1, 38)}),
              HasSubstr("Worker 1 on a was behind: it was still in collective 38"));
}

TEST(Explanation, KnowsAStoppedWorkerByWhatOthersSaw) {
  Dump dump = waiting(0, 40);
  dump.others = {{.rank = 1, .step = 11, .sequence = 39, .phase = "data", .beats_stopped_s = 58}};
  EXPECT_THAT(explanation({dump}), HasSubstr("Worker 1 on ? had stopped: no sign of life for 58 s, "
                                             "last seen in phase data after step 11"));
}

TEST(Explanation, NamesAWorkerThatWasGoneBeforeTheDeadline) {
  Dump dump = waiting(0, 40);
  dump.others = {{.rank = 1, .step = 12, .sequence = 41, .phase = "save", .beats_stopped_s = 1}};
  EXPECT_THAT(explanation({dump}),
              HasSubstr("Worker 1 on ? was gone before the deadline, last seen "
                        "in phase save after step 12"));
}

TEST(Explanation, BlamesTheNetworkWhereAllWaitInOneCollective) {
  EXPECT_THAT(explanation({waiting(0, 40), waiting(1, 40)}),
              HasSubstr("All workers were in the same collective 40"));
}

TEST(Explanation, IsOfTheGangThatLeftDumpsAndNotOfTheOneThatRunsNow) {
  const std::string text =
      explanation({waiting(0, 40), at_work(1, 39)}, {beat_of(0, 2, 0.1), beat_of(1, 2, 50)});
  EXPECT_THAT(text, HasSubstr("Worker 1 on a was behind"));
}

TEST(Explanation, PassesOverDumpsOfEarlierGangs) {
  Dump old = at_work(1, 2);
  old.attempt = 0;
  Dump now = waiting(0, 40);
  now.others = {{.rank = 1, .step = 12, .sequence = 40, .phase = "step", .beats_stopped_s = 9}};
  EXPECT_THAT(explanation({now, old}), HasSubstr("Worker 1 on ? had stopped"));
}

TEST(Explanation, WithoutDumpsTakesHeartbeats) {
  EXPECT_THAT(explanation({}, {beat_of(0, 2, 100), beat_of(1, 2, 130)}),
              HasSubstr("Worker 1 on b had stopped: no sign of life for 30 s"));
  EXPECT_THAT(explanation({}, {beat_of(0, 2, 0.2), beat_of(1, 2, 0.4)}),
              HasSubstr("No deadline has passed"));
}

}  // namespace
}  // namespace launcher

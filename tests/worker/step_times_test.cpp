#include "worker/records/step_times.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/files.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "worker/records/step_trace.h"

namespace {

using worker::StepPhase;

void sleep_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// A step that waits for data twice, 2 and 3 ms, and computes in between.
worker::StepTimes a_step() {
  worker::StepTimes times;
  times.measure(StepPhase::data, [] { sleep_ms(2); });
  EXPECT_EQ(times.measure(StepPhase::forward, [] { return 7; }), 7);
  times.measure(StepPhase::data, [] { sleep_ms(3); });
  sleep_ms(1);  // of no phase
  times.finish();
  return times;
}

worker::StepRange range_of(const std::string& steps) {
  return worker::ProfileConfig{steps}.step_range();
}

TEST(StepTimes, AddsUpTheSpansOfAPhase) {
  const worker::StepTimes times = a_step();
  EXPECT_GE(times.seconds(StepPhase::data), 0.005);
  EXPECT_LE(times.seconds(StepPhase::data) + 0.001, times.seconds());
  EXPECT_EQ(times.seconds(StepPhase::reduce), 0);
  ASSERT_EQ(times.spans().size(), 3U);
  double earlier = times.begin_s();
  for (const auto& span : times.spans()) {
    EXPECT_LE(earlier, span.begin_s);
    EXPECT_LE(span.begin_s, span.end_s);
    earlier = span.end_s;
  }
  EXPECT_LE(earlier, times.end_s());
}

TEST(StepTimes, OfAFailedPhaseCountTillItFailed) {
  worker::StepTimes times;
  EXPECT_THROW(times.measure(StepPhase::data, [] { throw std::runtime_error("no disk"); }),
               std::runtime_error);
  EXPECT_EQ(times.spans().size(), 1U);
}

TEST(TimeTotals, AreSumsOverSteps) {
  worker::TimeTotals totals;
  const worker::StepTimes first = a_step(), second = a_step();
  totals.add(first);
  totals.add(second);
  EXPECT_EQ(totals.steps, 2);
  EXPECT_EQ(totals.step_s, first.seconds() + second.seconds());
  EXPECT_EQ(totals.data_s, first.seconds(StepPhase::data) + second.seconds(StepPhase::data));
}

TEST(ProfileConfig, TakesBothEndsOfTheRange) {
  EXPECT_FALSE(range_of("10:12").contains(9));
  EXPECT_TRUE(range_of("10:12").contains(10));
  EXPECT_TRUE(range_of("10:12").contains(12));
  EXPECT_FALSE(range_of("10:12").contains(13));
  EXPECT_FALSE(range_of("").contains(0));
}

TEST(ProfileConfig, RefusesWhatIsNoRange) {
  for (const char* steps : {"10", "10:", ":12", "12:10", "0:3", "a:b", "1:2:3", " 1:2", "1:2 "}) {
    tests::expect_error(common::ErrorKind::config, "expected FIRST:LAST", [&] { range_of(steps); });
  }
}

TEST(StepTrace, HoldsTheChosenStepsAsCompleteEventsInMicroseconds) {
  const tests::TemporaryFolder temporary;
  const auto& folder = temporary.path();
  worker::StepTrace trace({"2:2"}, folder, 3);
  const worker::StepTimes first = a_step(), second = a_step();
  trace.add(1, first);
  trace.add(2, second);
  trace.write();
  const auto json = nlohmann::json::parse(common::read_file(folder / "trace-worker-3.json"));
  const auto& events = json["traceEvents"];
  ASSERT_EQ(events.size(), 5U);  // the step, its three spans, the worker's name
  EXPECT_EQ(events[0]["name"], "step 2");
  EXPECT_EQ(events[1]["name"], "data");
  EXPECT_EQ(events[1]["ph"], "X");
  EXPECT_EQ(events[1]["pid"], 3);
  EXPECT_EQ(events[1]["args"]["step"], 2);
  EXPECT_EQ(events[0]["dur"], 1e6 * second.seconds());
  EXPECT_EQ(events[0]["ts"], 1e6 * second.begin_s());
}

TEST(StepTrace, WithoutChosenStepsWritesNothing) {
  const tests::TemporaryFolder temporary;
  const auto& folder = temporary.path();
  worker::StepTrace trace({""}, folder, 0);
  trace.add(1, a_step());
  trace.write();
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace

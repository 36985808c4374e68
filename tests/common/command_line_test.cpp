#include "common/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "common/progress.h"
#include "tests/common/expect_error.h"

namespace {

int run(std::vector<const char*> words, const std::function<int()>& body) {
  words.insert(words.begin(), "restore-nothing");
  common::CommandLine line("restore-nothing", "does nothing");
  return line.run(static_cast<int>(words.size()), const_cast<char**>(words.data()), body);
}

TEST(Program, ExitCodeTellsTheKindOfFailure) {
  using common::Error, common::ErrorKind;
  EXPECT_EQ(run({}, [] { return 0; }), 0);
  EXPECT_EQ(run({"--no-such-option"}, [] { return 0; }), 64);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::config, "x"); }), 78);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::corrupt, "x"); }), 65);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::io, "x"); }), 74);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::comm, "x"); }), 75);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::numeric, "x"); }), 70);
  EXPECT_EQ(run({}, []() -> int { throw Error(ErrorKind::internal, "x"); }), 70);
  EXPECT_EQ(run({}, []() -> int { throw std::runtime_error("x"); }), 70);
}

TEST(Program, MessageNamesTheProgramAndTheKind) {
  testing::internal::CaptureStderr();
  run({}, []() -> int { throw common::Error(common::ErrorKind::io, "cannot open a: no"); });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "restore-nothing: i/o error: cannot open a: no\n");
}

TEST(Check, ThrowsWhatIsAMistakeOfTheProgram) {
  common::check(true, "fine");
  tests::expect_error(common::ErrorKind::internal, "a wrong shape",
                      [] { common::check(false, "a wrong shape"); });
}

TEST(Progress, DurationsReadLikeSpeech) {
  EXPECT_EQ(common::duration_text(12.4), "12 s");
  EXPECT_EQ(common::duration_text(200), "3 min 20 s");
  EXPECT_EQ(common::duration_text(3900), "1 h 05 min");
}

}  // namespace

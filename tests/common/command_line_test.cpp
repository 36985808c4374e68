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

TEST(Program, SaysWhichOptionItDoesNotKnow) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"--no-such\n"}, [] { return 0; }), common::kExitUsage);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "restore-nothing: usage error: The following argument was not expected: --no-such\\n; "
            "--help shows the options\n");
}

/// The exit code for `--number=TEXT`.
template <class Number>
int exit_code_for(const std::string& text) {
  common::CommandLine line("restore-nothing", "does nothing");
  Number number{};
  line.add("--number", number, "any");
  std::string word = "--number=" + text, name = "restore-nothing";
  char* words[] = {name.data(), word.data()};
  testing::internal::CaptureStderr();
  const int code = line.run(2, words, [] { return 0; });
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code == 0, said.empty());
  EXPECT_TRUE(code == 0 || said.find("--number") != std::string::npos) << said;
  return code;
}

TEST(Program, ANumberIsWhatItSays) {
  for (const char* text : {"-1", "18446744073709551616", "1e3", "0x10", "7 ", "1.5", "many"}) {
    EXPECT_EQ(exit_code_for<uint64_t>(text), common::kExitUsage) << text;
  }
  for (const char* text : {"9223372036854775808", "0x10", "0b1", "1,000", "nan", "5x"}) {
    EXPECT_EQ(exit_code_for<int64_t>(text), common::kExitUsage) << text;
    EXPECT_EQ(exit_code_for<std::optional<int64_t>>(text), common::kExitUsage) << text;
  }
  EXPECT_EQ(exit_code_for<int>("2147483648"), common::kExitUsage);
  for (const char* text : {"nan", "inf", "-inf", "1e999", "0.5x", "0x1p3"}) {
    EXPECT_EQ(exit_code_for<double>(text), common::kExitUsage) << text;
    EXPECT_EQ(exit_code_for<std::optional<double>>(text), common::kExitUsage) << text;
  }
  EXPECT_EQ(exit_code_for<uint64_t>("18446744073709551615"), 0);
  EXPECT_EQ(exit_code_for<int64_t>("-7"), 0);
  EXPECT_EQ(exit_code_for<double>("-1.5e-3"), 0);
}

TEST(Program, AnOptionIsNoValueOfTheOneBeforeIt) {
  const auto run = [](std::vector<const char*> words) {
    common::CommandLine line("program", "");
    std::string file;
    std::vector<std::string> photos;
    bool overwrite = false;
    line.add("--file", file, "");
    line.add("photos", photos, "");
    line.add("--overwrite", overwrite, "");
    words.insert(words.begin(), "program");
    testing::internal::CaptureStderr();
    const int code = line.run(static_cast<int>(words.size()), const_cast<char**>(words.data()),
                              [] { return 0; });
    return std::pair(code, testing::internal::GetCapturedStderr());
  };
  const auto [code, said] = run({"--file", "--overwrite"});
  EXPECT_EQ(code, common::kExitUsage);
  EXPECT_NE(said.find("--file: its value is missing: '--overwrite'"), std::string::npos) << said;
  EXPECT_EQ(run({"--file", "./--overwrite"}).first, 0);
  EXPECT_EQ(run({"--file", "-"}).first, 0);
  EXPECT_EQ(run({"--", "--photo.png"}).first, 0);
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

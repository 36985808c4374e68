#include "launcher/restart_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace launcher {
namespace {

using testing::HasSubstr;

TEST(RestartPolicy, WaitsASecondWhileTheJobMovesOn) {
  RestartPolicy policy(1);
  for (int step = 1; step < 50; ++step) {
    const auto decision = policy.after_death(10 * step, 137);
    EXPECT_TRUE(decision.restart);
    EXPECT_EQ(decision.backoff_s, 1);
  }
}

TEST(RestartPolicy, DoublesThePauseWithoutProgressUpToAMinute) {
  RestartPolicy policy(100);
  std::vector<double> pauses;
  for (int death = 0; death < 9; ++death)
    pauses.push_back(policy.after_death(100 - death, 137).backoff_s);
  EXPECT_THAT(pauses, testing::ElementsAre(1, 2, 4, 8, 16, 32, 60, 60, 60));
  EXPECT_EQ(policy.after_death(101, 137).backoff_s, 1);
}

TEST(RestartPolicy, GivesUpAfterSoManyRestartsWithoutProgress) {
  RestartPolicy policy(3);
  EXPECT_TRUE(policy.after_death(100, 137).restart);
  EXPECT_TRUE(policy.after_death(90, 137).restart);
  EXPECT_TRUE(policy.after_death(80, 137).restart);
  const auto decision = policy.after_death(90, 137);
  EXPECT_FALSE(decision.restart);
  EXPECT_THAT(decision.why_not, HasSubstr("3 restarts without progress"));
}

TEST(RestartPolicy, GivesUpOnACrashLoop) {
  RestartPolicy policy(100);
  EXPECT_TRUE(policy.after_death(7, 75).restart);
  EXPECT_TRUE(policy.after_death(7, 75).restart);
  const auto decision = policy.after_death(7, 75);
  EXPECT_FALSE(decision.restart);
  EXPECT_THAT(decision.why_not,
              HasSubstr("3 times in a row it died with exit code 75 after step 7"));
}

TEST(RestartPolicy, TakesAnotherStepOrAnotherCauseForNoCrashLoop) {
  RestartPolicy policy(100);
  for (int death = 0; death < 4; ++death)
    EXPECT_TRUE(policy.after_death(7, 74 + death % 2).restart);
  for (int death = 0; death < 4; ++death)
    EXPECT_TRUE(policy.after_death(5 + death % 2, 75).restart);
}

TEST(RestartPolicy, CanBeToldNeverToRestart) {
  EXPECT_FALSE(RestartPolicy(0).after_death(5, 137).restart);
}

TEST(ExitMeaning, DistinguishesRequeueKilledAndUnknown) {
  EXPECT_THAT(meaning_of_exit(85), HasSubstr("saved"));
  EXPECT_THAT(meaning_of_exit(137), HasSubstr("signal 9"));
  EXPECT_THAT(meaning_of_exit(205), HasSubstr("lost the connection to a host"));
  EXPECT_THAT(meaning_of_exit(1), HasSubstr("failed"));
}

}  // namespace
}  // namespace launcher

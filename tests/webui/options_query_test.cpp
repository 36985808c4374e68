#include "webui/options_query.h"

#include <gtest/gtest.h>

#include <map>

#include "common/error.h"

namespace webui {
namespace {

restore::RestoreOptions parsed(std::map<std::string, std::string> values) {
  return parse_treatment([&](const char* name) { return values[name]; });
}

TEST(TreatmentQuery, SaysWhatIsDone) {
  const restore::RestoreOptions treatment = parsed(
      {{"tasks", "fill,colour"}, {"strength", "0.25"}, {"colours", "keep"}, {"mask", "only"}});
  EXPECT_FALSE(treatment.tasks.denoise);
  EXPECT_TRUE(treatment.tasks.fill && treatment.tasks.colour);
  EXPECT_EQ(treatment.strength, 0.25);
  EXPECT_TRUE(treatment.keep_colour && treatment.only_mask);
}

TEST(TreatmentQuery, IsAutomaticUnlessTold) {
  EXPECT_EQ(parsed({{"tasks", "denoise"}, {"strength", "auto"}}).strength, std::nullopt);
  EXPECT_FALSE(parsed({{"tasks", "denoise"}}).only_mask);
}

TEST(TreatmentQuery, RefusesWhatItDoesNotKnow) {
  for (const char* tasks : {"", "denoise2", "nothing"}) {
    EXPECT_THROW(parsed({{"tasks", tasks}}), common::Error) << tasks;
  }
  for (const char* strength : {"-0.1", "1.1", "nan", "0.5x", "much"}) {
    EXPECT_THROW(parsed({{"tasks", "fill"}, {"strength", strength}}), common::Error) << strength;
  }
}

}  // namespace
}  // namespace webui

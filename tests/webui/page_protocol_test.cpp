#include "webui/page_protocol.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/common/expect_error.h"

namespace webui {
namespace {

restore::RestoreOptions parsed(std::map<std::string, std::string> values) {
  return parse_options([&](const char* name) { return values[name]; });
}

TEST(Token, Has128BitsAndIsAnotherEachTime) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(random_token());
  EXPECT_EQ(tokens.size(), 100U);
  EXPECT_EQ(tokens.begin()->find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(tokens.begin()->size(), 32U);
}

TEST(Token, IsComparedWhole) {
  EXPECT_TRUE(same_token("abc", "abc"));
  EXPECT_FALSE(same_token("abd", "abc"));
  EXPECT_FALSE(same_token("ab", "abc"));
  EXPECT_FALSE(same_token("abcd", "abc"));
}

TEST(AfterToken, IsEmptyWithoutTheToken) {
  EXPECT_EQ(after_token("/abc/photos", "abc"), "/photos");
  EXPECT_EQ(after_token("/abc/", "abc"), "/");
  for (const char* path : {"", "/", "/abc", "/abd/", "/abcd/photos", "abc/photos", "//abc/"}) {
    EXPECT_EQ(after_token(path, "abc"), "") << path;
  }
}

TEST(Host, IsThisMachineAndThisPort) {
  EXPECT_TRUE(is_our_host("127.0.0.1:8000", 8000));
  EXPECT_TRUE(is_our_host("localhost:8000", 8000));
  for (const char* host : {"", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:80000", "evil.example:8000",
                           "localhost.evil.example:8000", "127.0.0.1:8000.evil.example"}) {
    EXPECT_FALSE(is_our_host(host, 8000)) << host;
  }
}

TEST(Origin, IsAbsentOrOurs) {
  EXPECT_TRUE(is_our_origin("", 8000));
  EXPECT_TRUE(is_our_origin("http://127.0.0.1:8000", 8000));
  for (const char* origin : {"null", "https://127.0.0.1:8000", "http://127.0.0.1:8001",
                             "http://evil.example", "127.0.0.1:8000"}) {
    EXPECT_FALSE(is_our_origin(origin, 8000)) << origin;
  }
}

TEST(OptionsQuery, SaysWhatIsDone) {
  const restore::RestoreOptions options = parsed({{"tasks", "inpaint,colourise"},
                                                  {"strength", "0.25"},
                                                  {"colours", "keep"},
                                                  {"mask", "only"},
                                                  {"sensitivity", "-0.5"}});
  EXPECT_FALSE(options.tasks.denoise);
  EXPECT_TRUE(options.tasks.inpaint && options.tasks.colourise);
  EXPECT_EQ(options.strength, 0.25);
  EXPECT_EQ(options.sensitivity, -0.5);
  EXPECT_TRUE(options.keep_colour && options.only_mask);
}

TEST(OptionsQuery, IsAutomaticUnlessTold) {
  EXPECT_EQ(parsed({{"tasks", "denoise"}, {"strength", "auto"}}).strength, std::nullopt);
  EXPECT_FALSE(parsed({{"tasks", "denoise"}}).only_mask);
  EXPECT_EQ(parsed({{"tasks", "denoise"}}).sensitivity, 0);
}

TEST(OptionsQuery, RefusesWhatItDoesNotKnow) {
  for (const char* tasks : {"denoise2", "nothing"}) {
    tests::expect_error(common::ErrorKind::usage, "denoise, inpaint, colourise", [&] {
      parsed({{"tasks", tasks}});
    });
  }
  tests::expect_error(common::ErrorKind::usage, "nothing is chosen", [] { parsed({}); });
  for (const char* strength : {"-0.1", "1.1", "nan", "0.5x", "much"}) {
    tests::expect_error(common::ErrorKind::usage, strength, [&] {
      parsed({{"tasks", "inpaint"}, {"strength", strength}});
    });
  }
  for (const char* sensitivity : {"-2.1", "3", "nan", "more"}) {
    tests::expect_error(common::ErrorKind::usage, sensitivity, [&] {
      parsed({{"tasks", "inpaint"}, {"sensitivity", sensitivity}});
    });
  }
}

}  // namespace
}  // namespace webui

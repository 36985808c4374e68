#include "webui/request_check.h"

#include <gtest/gtest.h>

#include <set>

#include "webui/token.h"

namespace webui {
namespace {

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

}  // namespace
}  // namespace webui

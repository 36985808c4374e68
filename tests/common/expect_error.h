#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/error.h"

namespace tests {

/// The body throws Error of this kind with these words in its message.
template <class Body>
void expect_error(common::ErrorKind kind, const std::string& words, Body&& body) {
  try {
    body();
    ADD_FAILURE() << "no error; one with '" << words << "' was expected";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(words));
  }
}

}  // namespace tests

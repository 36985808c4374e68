#include "common/printable.h"

#include <gtest/gtest.h>

using common::printable;

TEST(Printable, KeepsTextOfAnyScript) {
  EXPECT_EQ(printable("Großmutter 1950 [a] – 祖母.jpg"), "Großmutter 1950 [a] – 祖母.jpg");
}

TEST(Printable, EscapesWhatSpeaksToATerminalOrEndsALine) {
  EXPECT_EQ(printable("a\nb\t\x1b[31m\x7f\r"), "a\\nb\\t\\x1b[31m\\x7f\\r");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xc2\\x9b31m");                                       // the same in one character
  EXPECT_EQ(printable("gpj.\xE2\x80\xAE"), "gpj.\\xe2\\x80\\xae");  // turns the writing
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("gr\xFC\xDF"
                      "e"),
            "gr\\xfc\\xdfe");  // Latin-1
  EXPECT_EQ(printable("\xC0\xAF\xED\xA0\x80\xE4\xBD"), "\\xc0\\xaf\\xed\\xa0\\x80\\xe4\\xbd");
}

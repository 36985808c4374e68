#include "common/hash.h"

#include <gtest/gtest.h>

#include "tests/common/expect_error.h"

namespace {

TEST(Hash, EqualsXxh3OfItsSpecification) {
  // xxhash's own sanity check: XXH3-64 of the empty input.
  EXPECT_EQ(common::xxh3(""), 0x2D06800538D394C2u);
}

TEST(Hash, PiecesGiveTheHashOfTheWhole) {
  const std::string text(1000, 'q');
  common::Xxh3Stream stream;
  stream.update(text.data(), 300);
  stream.update(text.data() + 300, 700);
  EXPECT_EQ(stream.digest(), common::xxh3(text));
}

TEST(Hash, HexadecimalRoundTripsAndRefusesOthers) {
  EXPECT_EQ(common::hex64(0x00ab12ffu), "0000000000ab12ff");
  EXPECT_EQ(common::parse_hex64("0000000000ab12ff"), 0x00ab12ffu);
  for (const char* text : {"ab12ff", "0000000000ab12fg"}) {
    tests::expect_error(common::ErrorKind::corrupt, "16 hexadecimal digits",
                        [&] { common::parse_hex64(text); });
  }
}

}  // namespace

#include "imaging/row_buffer.h"

#include <gmock/gmock.h>

#include <numeric>

using imaging::PixelFormat;
using imaging::RowBuffer;
using testing::ElementsAre;

TEST(RowBuffer, EverySampleOfSixteenBitComesBack) {
  const PixelFormat form{16384, 1, 16, 3, true};
  std::vector<uint16_t> samples(65536), packed(65536);
  std::iota(samples.begin(), samples.end(), uint16_t{0});
  RowBuffer row;
  unpack_row(samples.data(), form, row);
  EXPECT_EQ(row.green[2], 9.0F / 65535);
  EXPECT_EQ(row.alpha[2], 11.0F / 65535);
  pack_row(row, form, packed.data());
  EXPECT_EQ(packed, samples);
}

TEST(RowBuffer, GrayWithAlphaComesBack) {
  const PixelFormat form{2, 1, 8, 1, true};
  const std::vector<uint8_t> samples{1, 255, 3, 4};
  RowBuffer row;
  unpack_row(samples.data(), form, row);
  EXPECT_TRUE(row.is_gray());
  EXPECT_THAT(row.alpha, ElementsAre(1, 4.0F / 255));
  std::vector<uint8_t> packed(4);
  pack_row(row, form, packed.data());
  EXPECT_EQ(packed, samples);
}

TEST(RowBuffer, ARowThatWasInColourIsGrayAfterwards) {
  RowBuffer row{{1}, {1}, {1}, {0}};
  const uint8_t sample = 0;
  unpack_row(&sample, {1, 1, 8, 1, false}, row);
  EXPECT_TRUE(row.is_gray());
  EXPECT_TRUE(row.alpha.empty());
}

TEST(RowBuffer, AreRoundedAndClipped) {
  const RowBuffer row{{-1, 100.4F / 255, 100.6F / 255, 1.1F}, {}, {}, {}};
  std::vector<uint8_t> packed(4);
  pack_row(row, {4, 1, 8, 1, false}, packed.data());
  EXPECT_THAT(packed, ElementsAre(0, 100, 101, 255));
}

TEST(RowBuffer, GrayIsPackedIntoThreeColours) {
  const RowBuffer row{{1, 0}, {}, {}, {}};
  std::vector<uint8_t> packed(6);
  pack_row(row, {2, 1, 8, 3, false}, packed.data());
  EXPECT_THAT(packed, ElementsAre(255, 255, 255, 0, 0, 0));
}

TEST(RowBuffer, LumaIsThatOfTheColoursLaidOnWhite) {
  const RowBuffer row{{1, 1}, {0, 0}, {0, 0}, {1, 0.5F}};
  std::vector<float> luma(2);
  luma_of_row(row, luma.data());
  EXPECT_FLOAT_EQ(luma[0], 0.299F);
  EXPECT_FLOAT_EQ(luma[1], 0.5F * 0.299F + 0.5F);
}

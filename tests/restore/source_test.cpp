#include "restore/source.h"

#include <gmock/gmock.h>

#include "common/error.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"

using imaging::Format;
using imaging::PixelFormat;
using restore::MaskFile;
using testing::ElementsAre;
using tests::TemporaryFolder;

namespace {

std::vector<float> next_row(MaskFile& mask, size_t width, float unmarked) {
  std::vector<float> opacity(width);
  mask.next_row(unmarked, opacity.data());
  return opacity;
}

}  // namespace

TEST(MaskFile, WhiteOnBlackIsDamage) {
  const tests::TemporaryFolder folder;
  write_samples(folder / "a.png", {{3, 2}, {0, 255, 51, 0, 0, 4}}, Format::png);
  MaskFile mask(folder / "a.png", {3, 2});
  EXPECT_THAT(next_row(mask, 3, -1), ElementsAre(-1, 1, 0.2F));
  EXPECT_THAT(next_row(mask, 3, 0), ElementsAre(0, 0, 0));  // 4 is what a JPEG leaves of black
  mask.rewind();
  EXPECT_THAT(next_row(mask, 3, 0), ElementsAre(0, 1, 0.2F));
}

TEST(MaskFile, WhatIsPaintedOnTransparentGroundIsDamageWhateverItsColour) {
  const tests::TemporaryFolder folder;
  const PixelFormat form{2, 1, 8, 3, true};
  write_samples(folder / "a.png", {form, {255, 255, 255, 0, 200, 0, 0, 255}}, Format::png);
  MaskFile mask(folder / "a.png", {2, 1});
  EXPECT_THAT(next_row(mask, 2, -1), ElementsAre(-1, 1));
}

TEST(MaskFile, RefusesAnotherSize) {
  const tests::TemporaryFolder folder;
  write_samples(folder / "a.png", {{3, 2}, {0, 0, 0, 0, 0, 0}}, Format::png);
  try {
    MaskFile(folder / "a.png", {2, 3});
    FAIL() << "not refused";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), common::ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("3x2"), testing::HasSubstr("2x3")));
  }
}

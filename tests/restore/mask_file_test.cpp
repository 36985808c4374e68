#include "restore/mask_file.h"

#include <gmock/gmock.h>

#include "common/error.h"
#include "tests/common/expect_error.h"
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

/// A row of pixels of gray and alpha, ten times over.
PixelFormat write_row(const std::filesystem::path& path, const std::vector<uint16_t>& pixels) {
  const PixelFormat form{static_cast<int64_t>(pixels.size()) * 5, 1, 8, 1, true};
  imaging::Samples samples{form, {}};
  for (int i = 0; i < 10; ++i) {
    samples.values.insert(samples.values.end(), pixels.begin(), pixels.end());
  }
  write_samples(path, samples, Format::png);
  return form;
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

TEST(MaskFile, AnAlphaThatIsTheSameEverywhereSaysNothing) {
  const tests::TemporaryFolder folder;
  for (const uint16_t alpha : std::vector<uint16_t>{255, 128}) {
    const PixelFormat form{3, 1, 8, 3, true};
    write_samples(folder / "a.png",
                  {form, {255, 255, 255, alpha, 0, 0, 0, alpha, 51, 51, 51, alpha}}, Format::png);
    MaskFile mask(folder / "a.png", {3, 1});
    EXPECT_THAT(next_row(mask, 3, -1), ElementsAre(1, -1, testing::FloatEq(0.2F)));
    EXPECT_THAT(mask.notes(), testing::IsEmpty());
  }
}

TEST(MaskFile, RefusesGrayAndAlphaThatContradictEachOther) {
  const tests::TemporaryFolder folder;
  for (const auto& pixels : {std::vector<uint16_t>{255, 255, 0, 255, 0, 0, 0, 0},  // a layer's edge
                             std::vector<uint16_t>{255, 0, 0, 0, 0, 0},            // all hidden
                             std::vector<uint16_t>{255, 0, 0, 255, 0, 255}}) {     // just not there
    const PixelFormat form = write_row(folder / "a.png", pixels);
    tests::expect_error(common::ErrorKind::usage, "Export it without transparency",
                        [&] { MaskFile(folder / "a.png", form); });
  }
}

TEST(MaskFile, BlackPaintOnATransparentGroundIsDamageWhateverIsHiddenBelow) {
  const tests::TemporaryFolder folder;
  const PixelFormat form = write_row(folder / "a.png", {0, 255, 255, 0, 255, 0});
  MaskFile mask(folder / "a.png", form);
  const auto opacity = next_row(mask, 30, 0);
  EXPECT_EQ(opacity[0], 1);
  EXPECT_EQ(opacity[1], 0);
}

TEST(MaskFile, SaysThatItMarksMostOfThePicture) {
  const tests::TemporaryFolder folder;
  write_samples(folder / "a.png", {{10, 1}, {0, 0, 0, 255, 255, 255, 255, 255, 255, 255}},
                Format::png);
  EXPECT_THAT(MaskFile(folder / "a.png", {10, 1}).notes(),
              ElementsAre(testing::HasSubstr("marks 70% of the picture")));
  write_samples(folder / "a.png", {{10, 1}, {0, 0, 0, 0, 255, 255, 255, 255, 255, 255}},
                Format::png);
  EXPECT_THAT(MaskFile(folder / "a.png", {10, 1}).notes(), testing::IsEmpty());
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

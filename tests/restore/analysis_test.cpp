#include "restore/analysis.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/error.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"

namespace fs = std::filesystem;
using imaging::Format;
using imaging::PixelFormat;
using imaging::Samples;
using imaging::vips_picture;
using restore::analyse;
using restore::Analysis;
using restore::Findings;
using tests::TemporaryFolder;

namespace {

/// Of a picture of 200x160 whose colours are those of `colour` at (x, y).
Analysis analysis_of(const std::function<std::vector<uint16_t>(int x, int y)>& colour,
                     int64_t small_pixels = 250'000) {
  const tests::TemporaryFolder folder;
  Samples samples{{200, 160, 8, 3, false}, {}};
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 200; ++x) {
      for (const uint16_t value : colour(x, y)) samples.values.push_back(value);
    }
  }
  write_samples(folder / "a.png", samples, Format::png);
  restore::FileSource source(folder / "a.png", {});
  return analyse(source, small_pixels);
}

std::vector<uint16_t> gray(int x, int) { return std::vector<uint16_t>(3, uint16_t(40 + x / 2)); }

std::vector<uint16_t> sepia(int x, int) {
  const auto value = static_cast<uint16_t>(40 + x);
  return {value, static_cast<uint16_t>(value * 8 / 10), static_cast<uint16_t>(value * 5 / 10)};
}

std::vector<uint16_t> flag(int x, int y) {
  const auto more = static_cast<uint16_t>(x / 4);
  if (y < 80) return {static_cast<uint16_t>(150 + more), 80, 80};
  return {80, 80, static_cast<uint16_t>(150 + more)};
}

std::vector<uint16_t> red_and_blue(int, int y) {
  return y < 80 ? std::vector<uint16_t>{200, 80, 80} : std::vector<uint16_t>{80, 80, 200};
}

}  // namespace

TEST(Analysis, TellsGrayFromTonedFromColoured) {
  EXPECT_EQ(analysis_of(gray).found.colour, Findings::Colour::gray);
  EXPECT_EQ(analysis_of(sepia).found.colour, Findings::Colour::toned);
  EXPECT_EQ(analysis_of(flag).found.colour, Findings::Colour::coloured);
}

TEST(Analysis, TheSmallPictureIsTheMeanOfLumaAndChroma) {
  const Analysis seen = analysis_of(red_and_blue, 2 * 2);
  EXPECT_EQ(seen.scale, 100);
  ASSERT_EQ(seen.luma.values.size(), 4U);
  const float red = 0.299F * 200 + 0.701F * 80, blue = 0.114F * 200 + 0.886F * 80;
  EXPECT_NEAR(seen.luma.values[0], (80 * red + 20 * blue) / 100 / 255, 1e-4);
  EXPECT_NEAR(seen.luma.values[3], blue / 255, 1e-4);  // the border has 60 rows
  EXPECT_NEAR(seen.red.values[0], (80 * (200 - red) + 20 * (80 - blue)) / 100 / 255 / 1.402, 1e-4);
  EXPECT_NEAR(seen.blue.values[2], (200 - blue) / 255 / 1.772, 1e-4);
}

TEST(Analysis, FindsBlackAndWhiteButForHalfAPercent) {
  // A column of 200 is half a percent: one is white, three are black.
  const auto found = analysis_of([](int x, int) {
                       const uint16_t value = x < 3 ? 0 : x == 199 ? 255 : x < 100 ? 60 : 180;
                       return std::vector<uint16_t>(3, value);
                     }).found;
  EXPECT_EQ(found.black, 0);
  EXPECT_NEAR(found.white, 180.0 / 255, 1e-3);
  EXPECT_EQ(found.grain, 0);
}

TEST(Analysis, SeesLumaAsSrgbHasIt) {
  const tests::TemporaryFolder folder;
  const auto described = vips_picture({{1, 1}, {0}}, {VIPS_INTERPRETATION_B_W});
  const std::string profile = imaging::gray_profile(1.0);
  vips_image_set_blob_copy(described.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  write_samples(folder / "a.tif", {{2, 1}, {51, 51}}, Format::tiff, described.get());
  restore::FileSource source(folder / "a.tif", {});
  EXPECT_THAT(source.notes(), testing::IsEmpty());
  EXPECT_FALSE(source.curve().is_identity());
  const Analysis seen = analyse(source, 100);
  EXPECT_NEAR(seen.luma.values[0], 0.4845, 2e-3);  // of a fifth of the light
  EXPECT_NEAR(seen.found.white, 0.4845, 2e-3);
}

TEST(Analysis, TheWholePictureIsThatOfScaleOne) {
  const tests::TemporaryFolder folder;
  write_sample(folder / "a.png", imaging::sample_plane(50, 60), {Format::png, 8});
  restore::FileSource source(folder / "a.png", {});
  EXPECT_EQ(restore::read_whole(source).luma.values, analyse(source, 50 * 60).luma.values);
}

TEST(Analysis, RefusesAFileThatEndsTooEarly) {
  const tests::TemporaryFolder folder;
  write_sample(folder / "cut.png", imaging::sample_plane(200, 200), {Format::png, 8});
  fs::resize_file(folder / "cut.png", fs::file_size(folder / "cut.png") / 2);
  restore::FileSource source(folder / "cut.png", {});
  tests::expect_error(common::ErrorKind::corrupt, "cut.png", [&] { analyse(source, 1000); });
}

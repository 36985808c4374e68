#include "imaging/image_file.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "common/error.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"

namespace fs = std::filesystem;
using common::ErrorKind;
using imaging::Format;
using imaging::ImageFile;
using imaging::PixelFormat;
using imaging::Plane;
using imaging::read_sample;
using imaging::read_samples;
using imaging::Samples;
using imaging::vips_picture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::TemporaryFolder;

namespace {

float largest_difference(const Plane& a, const Plane& b) {
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.width, b.width);
  float largest = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    largest = std::max(largest, std::abs(a.values[i] - b.values[i]));
  }
  return largest;
}

void expect_refused(const fs::path& path, ErrorKind kind, const std::string& words) {
  try {
    read_sample(path);
    FAIL() << path << " was not refused";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(words));
    EXPECT_THAT(error.what(), HasSubstr(path.filename().string()));
  }
}

}  // namespace

class ScanFormat : public testing::TestWithParam<std::tuple<Format, int>> {};

TEST_P(ScanFormat, GrayComesBackWithinHalfALevel) {
  const auto [format, bits] = GetParam();
  const tests::TemporaryFolder folder;
  const Plane plane = imaging::sample_plane(137, 53);
  write_sample(folder / "a", plane, {format, bits, 11.75, 12.5});
  EXPECT_EQ(ImageFile(folder / "a").format(), format);
  const auto scan = read_sample(folder / "a");
  EXPECT_EQ(scan.form.bits, bits);
  EXPECT_LE(largest_difference(scan.luma, plane), 0.5001F / (bits == 16 ? 65535 : 255));
  EXPECT_NEAR(scan.pixels_per_mm_x, 11.75, 0.01);
  EXPECT_NEAR(scan.pixels_per_mm_y, 12.5, 0.01);
  EXPECT_THAT(scan.notes, IsEmpty());
}

TEST_P(ScanFormat, ColoursAndAlphaComeBackExactly) {
  const auto [format, bits] = GetParam();
  const tests::TemporaryFolder folder;
  for (const bool has_alpha : {false, true}) {
    const PixelFormat form{41, 70, bits, 3, has_alpha};
    Samples samples = imaging::random_samples(form, bits == 16 ? 65535 : 255);
    write_samples(folder / "a", samples, format);
    const Samples read = read_samples(folder / "a");
    EXPECT_EQ(read.form.colours, 3);
    EXPECT_EQ(read.form.has_alpha, has_alpha);
    EXPECT_EQ(read.values, samples.values);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ScanFormat,
                         testing::Values(std::tuple{Format::png, 8}, std::tuple{Format::png, 16},
                                         std::tuple{Format::tiff, 8},
                                         std::tuple{Format::tiff, 16}));

TEST(ImageFile, LosslessWebpKeepsColours) {
  const tests::TemporaryFolder folder;
  const Samples samples = imaging::random_samples({41, 70, 8, 3, false}, 255);
  const auto picture = vips_picture(samples, {});
  ASSERT_EQ(vips_webpsave(picture.get(), (folder / "a.webp").c_str(), "lossless", TRUE, nullptr),
            0);
  EXPECT_EQ(ImageFile(folder / "a.webp").format(), Format::webp);
  EXPECT_EQ(read_samples(folder / "a.webp").values, samples.values);
}

TEST(ImageFile, JpegStaysNear) {
  const tests::TemporaryFolder folder;
  Plane plane(64, 64);
  for (int64_t i = 0; i < 64 * 64; ++i) {
    plane.values[static_cast<size_t>(i)] = static_cast<float>(i % 64 + i / 64) / 128;
  }
  write_sample(folder / "a.jpg", plane, {Format::jpeg, 8});
  EXPECT_EQ(ImageFile(folder / "a.jpg").format(), Format::jpeg);
  EXPECT_LE(largest_difference(read_sample(folder / "a.jpg").luma, plane), 4.0F / 255);
}

TEST(ImageFile, StandsUprightWhateverItsOrientation) {
  const tests::TemporaryFolder folder;
  const Samples lying{{3, 2, 8, 1, false}, {1, 2, 3, 4, 5, 6}};
  const std::vector<std::vector<uint16_t>> upright{
      {1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
      {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto picture = vips_picture(lying, {VIPS_INTERPRETATION_B_W, orientation});
    ASSERT_EQ(vips_tiffsave(picture.get(), (folder / "a.tif").c_str(), nullptr), 0);
    const Samples read = read_samples(folder / "a.tif");
    EXPECT_EQ(read.form.width, orientation < 5 ? 3 : 2) << orientation;
    EXPECT_EQ(read.values, upright[static_cast<size_t>(orientation) - 1]) << orientation;
  }
}

TEST(ImageFile, CmykBecomesSrgbAndIsSaid) {
  const tests::TemporaryFolder folder;
  const Samples inks{{3, 1, 8, 3, true}, {0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255}};
  const auto picture = vips_picture(inks, {.interpretation = VIPS_INTERPRETATION_CMYK});
  ASSERT_EQ(vips_tiffsave(picture.get(), (folder / "a.tif").c_str(), nullptr), 0);
  const ImageFile file(folder / "a.tif");
  EXPECT_THAT(file.notes(), ElementsAre(HasSubstr("converted from cmyk to sRGB")));
  const Samples read = read_samples(folder / "a.tif");
  ASSERT_EQ(read.form.channels(), 3);
  EXPECT_GE(*std::min_element(read.values.begin(), read.values.begin() + 3), 250);  // paper
  EXPECT_LT(read.values[3] + 80, read.values[5]);                                   // cyan
  EXPECT_LE(*std::max_element(read.values.begin() + 6, read.values.end()), 70);     // black
  EXPECT_EQ(vips_image_get_typeof(file.open_pixels().get(), VIPS_META_ICC_NAME), 0U);
}

TEST(ImageFile, APaletteBecomesItsColours) {
  const tests::TemporaryFolder folder;
  const Samples samples{{2, 2, 8, 3, false}, {255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0}};
  const auto picture = vips_picture(samples, {});
  ASSERT_EQ(vips_pngsave(picture.get(), (folder / "a.png").c_str(), "palette", TRUE, nullptr), 0);
  std::ifstream file(folder / "a.png", std::ios::binary);
  file.seekg(25);
  ASSERT_EQ(file.get(), 3) << "the colour type is not that of a palette";
  EXPECT_EQ(read_samples(folder / "a.png").values, samples.values);
}

TEST(ImageFile, OfSeveralPagesTheFirstIsReadAndThatIsSaid) {
  const tests::TemporaryFolder folder;
  const auto pages = vips_picture({{1, 4, 8, 1, false}, {1, 2, 3, 4}}, {VIPS_INTERPRETATION_B_W});
  vips_image_set_int(pages.get(), VIPS_META_PAGE_HEIGHT, 2);
  ASSERT_EQ(vips_tiffsave(pages.get(), (folder / "a.tif").c_str(), nullptr), 0);
  EXPECT_THAT(read_samples(folder / "a.tif").values, ElementsAre(1, 2));
  EXPECT_THAT(ImageFile(folder / "a.tif").notes(), ElementsAre(HasSubstr("first of its 2 pages")));
}

TEST(ImageFile, RefusesWhatIsNotAPicture) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "text.png") << "not a picture";
  std::ofstream(folder / "drawing.jpg")
      << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>";
  std::ofstream(folder / "empty.tif");
  expect_refused(folder / "text.png", ErrorKind::corrupt, "JPEG, PNG, TIFF or WebP");
  expect_refused(folder / "drawing.jpg", ErrorKind::corrupt, "JPEG, PNG, TIFF or WebP");
  expect_refused(folder / "empty.tif", ErrorKind::corrupt, "is empty");
  expect_refused(folder / "missing.png", ErrorKind::io, "No such file");
  expect_refused(folder.path(), ErrorKind::corrupt, "is not a file");
}

TEST(ImageFile, RefusesATruncatedPictureOfAnyFormat) {
  const tests::TemporaryFolder folder;
  for (const Format format : {Format::png, Format::tiff, Format::jpeg, Format::webp}) {
    const fs::path path = folder / (std::string("cut.") + to_string(format));
    write_sample(path, imaging::sample_plane(200, 200), {format, 8});
    fs::resize_file(path, fs::file_size(path) / 2);
    expect_refused(path, ErrorKind::corrupt, "cut");
  }
}

TEST(ImageFile, RefusesMoreThanFiveHundredMegapixelsByTheHeader) {
  const tests::TemporaryFolder folder;
  write_sample(folder / "a.jpg", imaging::sample_plane(16, 16), {Format::jpeg, 8});
  std::string bytes = common::read_file(folder / "a.jpg");
  const size_t frame = bytes.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  bytes.replace(frame + 5, 4, "\x61\xA8\x4E\x21");  // 25000 high, 20001 wide
  std::ofstream(folder / "a.jpg", std::ios::binary) << bytes;
  expect_refused(folder / "a.jpg", ErrorKind::corrupt, "has 500 megapixels; at most 500");
}

TEST(ImageFile, RefusesSamplesOfOtherTypes) {
  const tests::TemporaryFolder folder;
  const auto picture = vips_picture({{1, 1, 8, 1, false}, {1}}, {VIPS_INTERPRETATION_B_W});
  VipsImage* out = nullptr;
  ASSERT_EQ(vips_cast_float(picture.get(), &out, nullptr), 0);
  const imaging::vips::Image floats(out);
  ASSERT_EQ(vips_tiffsave(floats.get(), (folder / "a.tif").c_str(), nullptr), 0);
  expect_refused(folder / "a.tif", ErrorKind::corrupt, "samples of type float");
}

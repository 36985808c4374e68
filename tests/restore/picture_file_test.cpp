#include "restore/pictures/picture_file.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "common/error.h"
#include "common/files.h"
#include "dataset/photos/photo_reader.h"
#include "tests/restore/sample_plane.h"
#include "tests/restore/temporary_folder.h"

namespace fs = std::filesystem;
using common::ErrorKind;
using restore::Format;
using restore::Plane;
using restore::Scan;
using restore::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
    restore::read_scan(path);
    FAIL() << path << " was not refused";
  } catch (const common::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(words));
    EXPECT_THAT(error.what(), HasSubstr(path.filename().string()));
  }
}

}  // namespace

class PictureFormat : public testing::TestWithParam<std::tuple<Format, int>> {};

TEST_P(PictureFormat, GrayComesBackWithinHalfALevel) {
  const auto [format, bits] = GetParam();
  const TemporaryFolder folder;
  const Plane plane = restore::sample_plane(37, 53);
  write_gray(folder / "a", plane, {format, bits, 11.75, 12.5});
  const Scan scan = restore::read_scan(folder / "a");
  EXPECT_EQ(scan.bits, bits);
  EXPECT_LE(largest_difference(scan.luma, plane), 0.5001F / (bits == 16 ? 65535 : 255));
  EXPECT_NEAR(scan.pixels_per_mm_x, 11.75, 0.01);
  EXPECT_NEAR(scan.pixels_per_mm_y, 12.5, 0.01);
  EXPECT_THAT(scan.notes, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, PictureFormat,
                         testing::Values(std::tuple{Format::png, 8}, std::tuple{Format::png, 16},
                                         std::tuple{Format::tiff, 8},
                                         std::tuple{Format::tiff, 16}));

TEST(PictureFile, JpegHasEightBitAndStaysNear) {
  const TemporaryFolder folder;
  Plane plane(64, 64);
  for (int64_t i = 0; i < 64 * 64; ++i) {
    plane.values[static_cast<size_t>(i)] = static_cast<float>(i % 64 + i / 64) / 128;
  }
  write_gray(folder / "a.jpg", plane, {Format::jpeg, 16});
  const Scan scan = restore::read_scan(folder / "a.jpg");
  EXPECT_EQ(scan.bits, 8);
  EXPECT_LE(largest_difference(scan.luma, plane), 4.0F / 255);
}

TEST(PictureFile, ColourBecomesLumaAndIsSaid) {
  const TemporaryFolder folder;
  const std::vector<uint8_t> red_and_white{255, 255, 0, 255, 0, 255};  // planar
  dataset::write_png(folder / "a.png", red_and_white.data(), 2, 1, 3);
  const Scan scan = restore::read_scan(folder / "a.png");
  EXPECT_THAT(scan.luma.values, ElementsAre(testing::FloatEq(0.299F), testing::FloatEq(1)));
  EXPECT_THAT(scan.notes, ElementsAre(HasSubstr("in colour")));
}

TEST(PictureFile, GrayStoredAsColourIsNotCalledColoured) {
  const TemporaryFolder folder;
  const std::vector<uint8_t> gray{10, 200, 10, 200, 10, 200};
  dataset::write_png(folder / "a.png", gray.data(), 2, 1, 3);
  EXPECT_THAT(restore::read_scan(folder / "a.png").notes, IsEmpty());
}

TEST(PictureFile, RefusesWhatIsNotAPicture) {
  const TemporaryFolder folder;
  std::ofstream(folder / "text.png") << "not a picture";
  std::ofstream(folder / "drawing.jpg")
      << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"></svg>";
  std::ofstream(folder / "empty.tif");
  expect_refused(folder / "text.png", ErrorKind::corrupt, "JPEG, PNG, TIFF or WebP");
  expect_refused(folder / "drawing.jpg", ErrorKind::corrupt, "JPEG, PNG, TIFF or WebP");
  expect_refused(folder / "empty.tif", ErrorKind::corrupt, "JPEG, PNG, TIFF or WebP");
  expect_refused(folder / "missing.png", ErrorKind::io, "No such file");
  expect_refused(folder.path(), ErrorKind::corrupt, "is not a file");
}

TEST(PictureFile, RefusesATruncatedPictureOfAnyFormat) {
  const TemporaryFolder folder;
  for (const Format format : {Format::png, Format::tiff, Format::jpeg}) {
    const fs::path path = folder / (std::string("cut.") + to_string(format));
    write_gray(path, restore::sample_plane(200, 200), {format, 8});
    fs::resize_file(path, fs::file_size(path) / 2);
    expect_refused(path, ErrorKind::corrupt, "cut");
  }
}

TEST(PictureFile, AFailedWriteLeavesNothingBehindAndKeepsTheEarlierFile) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_gray(folder / "no/such/a.png", Plane(4, 4), {}), common::Error);
  fs::create_directory(folder / "taken.png");  // cannot be replaced by a file
  EXPECT_THROW(write_gray(folder / "taken.png", Plane(4, 4), {}), common::Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

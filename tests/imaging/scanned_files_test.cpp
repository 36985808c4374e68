// Files as scanners, cameras and editors write them, which are more than pixels of 8 or 16 bit.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "common/files.h"
#include "imaging/image_file.h"
#include "imaging/photo_reader.h"
#include "imaging/row_reader.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/sample_picture.h"
#include "tests/imaging/scanned_file.h"
#include "tests/imaging/tiff_file.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::flat_page;
using tests::TiffPage;
using tests::write_tiff;

template <class Sample>
std::vector<uint8_t> bytes_of(const std::vector<Sample>& samples) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(samples.data());
  return {bytes, bytes + samples.size() * sizeof(Sample)};
}

// CIELab

/// sRGB of L, a and b relative to D50, from 0 to 1, by formula: CIE 15:2004, IEC 61966-2-1, and
/// Bradford's adaptation of sRGB's matrix to D50 (Lindbloom).
std::array<double, 3> srgb_of_lab(double lightness, double a, double b) {
  const auto cube = [](double f) {
    return f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29);
  };
  const double f = (lightness + 16) / 116;
  const double x = 0.9642 * cube(f + a / 500), y = cube(f), z = 0.8249 * cube(f - b / 200);
  const double linear[] = {3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
                           -0.9787684 * x + 1.9161415 * y + 0.0334540 * z,
                           0.0719453 * x - 0.2289914 * y + 1.4052427 * z};
  std::array<double, 3> srgb{};
  for (size_t i = 0; i < 3; ++i) {
    const double value = std::clamp(linear[i], 0.0, 1.0);
    srgb[i] = value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
  }
  return srgb;
}

struct LabForm {
  const char* name;
  uint16_t photometric, bits;
};

class LabTiff : public ScannedFile, public testing::WithParamInterface<LabForm> {};

TEST_P(LabTiff, BecomesSrgbWithin45Decibel) {
  const auto [name, photometric, bits] = GetParam();
  const bool is_icc = photometric == PHOTOMETRIC_ICCLAB;
  std::vector<uint16_t> wide;
  std::vector<std::array<double, 3>> expected;
  for (int i = 0; i < 32 * 24; ++i) {
    const int lightness = 5 + i % 32 * 3, a = i / 32 * 2 - 24, b = 20 - i / 16;
    const double scale = bits == 8 ? 255 / 100.0 : is_icc ? 65280 / 100.0 : 65535 / 100.0;
    const double stored = std::round(lightness * scale);
    const int unit = bits == 8 ? 1 : 256, middle = is_icc ? 128 * unit : 0;
    wide.push_back(static_cast<uint16_t>(stored));
    wide.push_back(static_cast<uint16_t>(a * unit + middle));
    wide.push_back(static_cast<uint16_t>(b * unit + middle));
    expected.push_back(srgb_of_lab(stored / scale, a, b));
  }
  const std::vector<uint8_t> narrow(wide.begin(), wide.end());
  write_tiff(path_, {{.width = 32,
                      .height = 24,
                      .bits = bits,
                      .samples = 3,
                      .photometric = photometric,
                      .rows = bits == 8 ? narrow : bytes_of(wide)}});
  const Samples read = read_samples(path_);
  ASSERT_EQ(read.form.bits, bits);
  ASSERT_EQ(read.form.channels(), 3);
  double error = 0;
  for (size_t i = 0; i < read.values.size(); ++i) {
    const double difference =
        read.values[i] / (bits == 8 ? 255.0 : 65535.0) - expected[i / 3][i % 3];
    error += difference * difference / static_cast<double>(read.values.size());
  }
  EXPECT_GE(-10 * std::log10(error), 45);
  EXPECT_THAT(ImageFile(path_).notes(),
              ElementsAre(HasSubstr("converted from " + std::string(is_icc ? "ICCLab" : "CIELab") +
                                    " to sRGB")));
  EXPECT_FALSE(ImageFile(path_).has_profile());
  const Photo photo = read_photo(path_, 0);
  EXPECT_NEAR(photo.rgb[100], 255 * expected[100][0], 1.5);
}

INSTANTIATE_TEST_SUITE_P(Forms, LabTiff,
                         testing::Values(LabForm{"CIELab8", PHOTOMETRIC_CIELAB, 8},
                                         LabForm{"CIELab16", PHOTOMETRIC_CIELAB, 16},
                                         LabForm{"ICCLab8", PHOTOMETRIC_ICCLAB, 8},
                                         LabForm{"ICCLab16", PHOTOMETRIC_ICCLAB, 16}),
                         [](const auto& form) { return form.param.name; });

// Files of many pictures

TEST_F(ScannedFile, OfAThumbnailAndAFullPageTheFullPageIsRead) {
  TiffPage small = flat_page(20, 15, 3, 9);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  write_tiff(path_, {small, flat_page(200, 150, 3, 77)});
  EXPECT_EQ(read_samples(path_).form.width, 200);
  EXPECT_THAT(read_samples(path_).values, Each(77));
  EXPECT_THAT(ImageFile(path_).notes(), ElementsAre(HasSubstr("full size, 200x150")));
  EXPECT_EQ(read_photo(path_, 0).width, 200);
  EXPECT_THAT(read_photo(path_, 0).rgb, Each(77));
  EXPECT_EQ(photo_size(path_, 50).height, 50);
}

TEST_F(ScannedFile, AThumbnailThatDoesNotSayWhatItIsIsKnownByItsSize) {
  write_tiff(path_, {flat_page(40, 30, 3, 9), flat_page(200, 150, 3, 77)});
  EXPECT_THAT(read_samples(path_).values, Each(77));
}

TEST_F(ScannedFile, AFullPageBelowTheThumbnailIsRead) {
  TiffPage small = flat_page(20, 15, 3, 9);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  small.sub_pages = {flat_page(100, 75, 3, 77)};
  write_tiff(path_, {small});
  EXPECT_THAT(read_samples(path_).values, Each(77));
  EXPECT_EQ(read_photo(path_, 0).width, 100);
}

TEST_F(ScannedFile, OfSubPicturesOfOneShapeTheLargestIsRead) {
  TiffPage preview = flat_page(1200, 900, 1, 9);
  preview.sub_pages = {flat_page(1600, 1200, 1, 77), flat_page(400, 300, 1, 9)};
  write_tiff(path_, {preview});
  EXPECT_THAT(read_samples(path_).values, Each(77));
  TiffPage small = flat_page(20, 15, 1, 9);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  small.sub_pages = {flat_page(40, 30, 1, 9), flat_page(64, 48, 1, 77)};
  write_tiff(path_, {small});
  EXPECT_THAT(read_samples(path_).values, Each(77));
}

TEST_F(ScannedFile, SmallCopiesAfterTheFirstPageAreNotPages) {
  TiffPage half = flat_page(100, 75, 3, 77);
  half.subfile_type = FILETYPE_REDUCEDIMAGE;
  write_tiff(path_, {flat_page(200, 150, 3, 77), half, flat_page(20, 15, 3, 77)});
  EXPECT_EQ(read_samples(path_).form.width, 200);
  EXPECT_THAT(ImageFile(path_).notes(), IsEmpty());
}

TEST_F(ScannedFile, ALoneSmallCopyIsThePicture) {
  TiffPage small = flat_page(20, 15, 3, 9);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  write_tiff(path_, {small});
  EXPECT_THAT(read_samples(path_).values, Each(9));
}

TEST_F(ScannedFile, RawFilesOfCamerasAreRefusedByTheirKind) {
  TiffPage small = flat_page(20, 15, 3, 9), sensor = flat_page(100, 75, 1, 77);
  small.subfile_type = FILETYPE_REDUCEDIMAGE;
  small.make = "NIKON CORPORATION";
  sensor.photometric = PHOTOMETRIC_CFA;
  small.sub_pages = {sensor};
  write_tiff(path_, {small});
  expect_refused("is a raw file of a camera (NEF): develop it first");
  for (const auto& [kind, head] : {std::pair{"CR2", std::string("II*\0\x10\0\0\0CR\2\0", 12)},
                                   std::pair{"CR3", std::string("\0\0\0\x18"
                                                                "ftypcrx ",
                                                                12)},
                                   std::pair{"RAF", std::string("FUJIFILMCCD-RAW 0201")},
                                   std::pair{"ORF", std::string("IIRO\x08\0\0\0", 8)}}) {
    std::ofstream(path_, std::ios::binary) << head << std::string(100, '\0');
    expect_refused(std::string("raw file of a camera (") + kind + "): develop it first");
  }
}

TEST_F(ScannedFile, ADngIsRefusedThoughItsFirstPictureCouldBeRead) {
  TiffPage page = flat_page(20, 15, 3, 9);
  page.photometric = 34892;  // linear raw
  write_tiff(path_, {page});
  expect_refused("raw file of a camera");
}

TEST_F(ScannedFile, KindsThatAreNotReadAreNamed) {
  std::ofstream(path_) << "GIF89a and so on";
  expect_refused("is a GIF file");
  std::ofstream(path_) << "8BPS and so on";
  expect_refused("is a Photoshop file");
}

// Small files of large pictures

TEST_F(ScannedFile, OneBitAndAHundredThousandPixelsAByteAreRead) {
  const std::vector<uint8_t> white(5000 * 2500 / 8, 0xFF);
  write_tiff(path_, {{.width = 5000,
                      .height = 2500,
                      .bits = 1,
                      .rows = white,
                      .compression = COMPRESSION_CCITTFAX4}});
  const vips::Image page(vips_image_new_from_file(path_.c_str(), nullptr));
  ASSERT_EQ(vips_pngsave(page.get(), (folder_ / "a.png").c_str(), "bitdepth", 1, nullptr), 0);
  ASSERT_EQ(vips_webpsave(page.get(), (folder_ / "a.webp").c_str(), "lossless", TRUE, nullptr), 0);
  for (const char* name : {"a.tif", "a.png", "a.webp"}) {
    const ImageFile file(folder_ / name);
    RowReader reader(file);
    EXPECT_EQ(reader.next(1).row(0)[4999], 255) << name;
    EXPECT_LT(fs::file_size(folder_ / name), 12'000U) << name;
  }
}

// Samples

TEST_F(ScannedFile, TwelveBitsAreStretchedToSixteen) {
  const std::vector<uint8_t> row{0x00, 0x0F, 0xFF, 0x80, 0x00, 0x01};  // 0, 4095, 2048, 1
  std::vector<uint8_t> rows;
  for (int y = 0; y < 20; ++y) rows.insert(rows.end(), row.begin(), row.end());
  for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW}) {
    write_tiff(path_, {{.width = 4,
                        .height = 20,
                        .bits = 12,
                        .rows = rows,
                        .compression = static_cast<uint16_t>(compression)}});
    const Samples read = read_samples(path_);
    EXPECT_EQ(read.form.bits, 16);
    EXPECT_THAT(std::vector<uint16_t>(read.values.end() - 4, read.values.end()),
                ElementsAre(0, 65535, 32776, 16));
  }
  EXPECT_THAT(read_photo(path_, 0).rgb[1], 255);
}

TEST_F(ScannedFile, TwelveBitsInColourAndFourteenInWhite) {
  write_tiff(path_, {{.width = 1,
                      .height = 1,
                      .bits = 12,
                      .samples = 3,
                      .photometric = PHOTOMETRIC_RGB,
                      .rows = {0xFF, 0xF0, 0x00, 0x80, 0x00}}});
  EXPECT_THAT(read_samples(path_).values, ElementsAre(65535, 0, 32776));
  write_tiff(path_, {{.width = 1,
                      .height = 1,
                      .bits = 14,
                      .photometric = PHOTOMETRIC_MINISWHITE,
                      .rows = {0x00, 0x00}}});
  EXPECT_THAT(read_samples(path_).values, ElementsAre(65535));
}

TEST_F(ScannedFile, WhatIsNotReadIsRefusedByItsTrueName) {
  TiffPage page = flat_page(20, 16, 4, 90);
  page.sample_format = SAMPLEFORMAT_IEEEFP;
  page.bits = 32, page.samples = 1, page.photometric = PHOTOMETRIC_MINISBLACK;
  write_tiff(path_, {page});
  expect_refused("samples of type float");
  page = flat_page(20, 16, 3, 90);
  write_tiff(path_, {page});
  std::string bytes = common::read_file(path_);
  const size_t compression = bytes.find(std::string("\x03\x01\x03\0\x01\0\0\0\x01\0", 10));
  ASSERT_NE(compression, std::string::npos);
  bytes[compression + 8] = 6;
  std::ofstream(path_, std::ios::binary) << bytes;
  expect_refused("old-style JPEG TIFF");
}

TEST_F(ScannedFile, OtherColoursAndDepthsAreRefusedByTheirTrueName) {
  TiffPage page = flat_page(20, 16, 3, 90);
  page.photometric = PHOTOMETRIC_YCBCR;
  write_tiff(path_, {page});
  expect_refused("YCbCr without JPEG");
  page = flat_page(20, 16, 1, 90);
  page.sample_format = SAMPLEFORMAT_INT;
  write_tiff(path_, {page});
  expect_refused("samples of type signed");
  page = flat_page(20, 16, 3, 90);
  page.bits = 4;
  write_tiff(path_, {page});
  expect_refused("several channels with 4 bit");
  page = flat_page(20, 16, 6, 90);  // 4 channels of 12 bit
  page.bits = 12, page.samples = 4, page.extra_samples = {EXTRASAMPLE_ASSOCALPHA};
  write_tiff(path_, {page});
  expect_refused("multiplied by alpha");
}

TEST_F(ScannedFile, ATiledTiffWithColoursApartIsRefusedByItsTrueName) {
  {
    const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path_.c_str(), "w"),
                                                           &TIFFClose);
    for (const auto& [tag, value] : {std::pair{TIFFTAG_IMAGEWIDTH, 32},
                                     {TIFFTAG_IMAGELENGTH, 32},
                                     {TIFFTAG_BITSPERSAMPLE, 8},
                                     {TIFFTAG_SAMPLESPERPIXEL, 3},
                                     {TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB},
                                     {TIFFTAG_PLANARCONFIG, PLANARCONFIG_SEPARATE},
                                     {TIFFTAG_TILEWIDTH, 32},
                                     {TIFFTAG_TILELENGTH, 32}}) {
      TIFFSetField(tiff.get(), static_cast<uint32_t>(tag), value);
    }
    std::vector<uint8_t> tile(1024, 90);
    for (uint16_t i = 0; i < 3; ++i)
      ASSERT_EQ(TIFFWriteTile(tiff.get(), tile.data(), 0, 0, 0, i), 1024);
  }
  expect_refused("tiled TIFF with each colour apart (planar)");
}

}  // namespace
}  // namespace imaging

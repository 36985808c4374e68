#include "imaging/image_writer.h"

#include <gmock/gmock.h>

#include <fstream>

#include "common/error.h"
#include "tests/common/expect_error.h"
#include "tests/common/full_disk.h"
#include "tests/common/temporary_folder.h"
#include "tests/imaging/gray_profile.h"
#include "tests/imaging/sample_picture.h"

namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;
using imaging::Format;
using imaging::ImageWriter;
using imaging::PixelFormat;
using imaging::Plane;
using imaging::vips_picture;
using tests::TemporaryFolder;

namespace {

constexpr Format kWrittenFormats[] = {Format::jpeg, Format::png, Format::tiff, Format::webp};

int64_t num_files(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

void write_rows(ImageWriter& writer, const PixelFormat& form, int64_t count) {
  const std::vector<uint8_t> row(static_cast<size_t>(form.row_bytes()), 7);
  for (int64_t y = 0; y < count; ++y) writer.write_row(row.data());
}

}  // namespace

TEST(ImageWriter, AFailedWriteLeavesNothingBehindAndKeepsTheEarlierFile) {
  const tests::TemporaryFolder folder;
  tests::expect_error(ErrorKind::io, "no/such",
                      [&] { write_sample(folder / "no/such/a.png", Plane(4, 4), {}); });
  fs::create_directory(folder / "taken.png");  // cannot be replaced by a file
  tests::expect_error(ErrorKind::io, "taken.png",
                      [&] { write_sample(folder / "taken.png", Plane(4, 4), {}); });
  EXPECT_EQ(num_files(folder.path()), 1);
}

TEST(ImageWriter, AFullDiskIsSaidAndKeepsTheEarlierFile) {
  const tests::TemporaryFolder folder;
  for (const Format format : kWrittenFormats) {
    const fs::path path = folder / (std::string("a.") + to_string(format));
    std::ofstream(path) << "earlier";
    try {
      const tests::FullDisk full(9000);
      write_sample(path, imaging::sample_plane(300, 300), {.format = format});
      FAIL() << to_string(format) << " was written";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
      EXPECT_THAT(error.what(), testing::HasSubstr("is the disk full"));
    }
    EXPECT_EQ(common::read_file(path), "earlier");
  }
  EXPECT_EQ(num_files(folder.path()), 4);
}

TEST(ImageWriter, OneThatIsNotFinishedLeavesNothing) {
  const tests::TemporaryFolder folder;
  const PixelFormat form{20, 300};
  for (const Format format : kWrittenFormats) {
    for (const int64_t rows : {0, 1, 200, 300}) {
      ImageWriter writer(folder / "a", form, nullptr, {.format = format});
      write_rows(writer, form, rows);
    }
  }
  EXPECT_EQ(num_files(folder.path()), 0);
}

TEST(ImageWriter, RowsThatAreMissingAreAnError) {
  const tests::TemporaryFolder folder;
  const PixelFormat form{20, 300};
  ImageWriter writer(folder / "a", form, nullptr, {});
  write_rows(writer, form, 299);
  tests::expect_error(ErrorKind::io, "cannot write", [&] { writer.finish(); });
  EXPECT_FALSE(fs::exists(folder / "a"));
}

TEST(ImageWriter, WhatCompletesTheFileComesBeforeItsName) {
  const tests::TemporaryFolder folder;
  const PixelFormat form{20, 30};
  ImageWriter writer(folder / "a", form, nullptr, {});
  write_rows(writer, form, 30);
  writer.finish([&](const fs::path& file) {
    EXPECT_EQ(imaging::read_samples(file).values, std::vector<uint16_t>(600, 7));
    EXPECT_FALSE(fs::exists(folder / "a"));
  });
  EXPECT_TRUE(fs::exists(folder / "a"));
}

TEST(ImageWriter, WhatFailsToCompleteTheFileLeavesNothing) {
  const tests::TemporaryFolder folder;
  {
    ImageWriter writer(folder / "a", {20, 30}, nullptr, {});
    write_rows(writer, {20, 30}, 30);
    EXPECT_THROW(writer.finish([](const fs::path&) { throw std::bad_alloc(); }), std::bad_alloc);
  }
  EXPECT_EQ(num_files(folder.path()), 0);
}

TEST(ImageWriter, RefusesSidesThatTheFormatCannotHold) {
  const tests::TemporaryFolder folder;
  const auto refused = [&](Format format, const PixelFormat& form) {
    try {
      ImageWriter(folder / "a", form, nullptr, {.format = format});
    } catch (const Error& error) {
      return error.kind() == ErrorKind::usage;
    }
    return false;
  };
  EXPECT_TRUE(refused(Format::jpeg, {65536, 1}));
  EXPECT_TRUE(refused(Format::webp, {1, 16384}));
  EXPECT_FALSE(refused(Format::jpeg, {65535, 1}));
  EXPECT_FALSE(refused(Format::tiff, {65536, 1}));
  EXPECT_FALSE(refused(Format::tiff, {80000, 60000}));  // 4.8 GB: a BigTIFF
}

TEST(ImageWriter, QualityDecidesTheSize) {
  const tests::TemporaryFolder folder;
  const PixelFormat form{64, 64};
  const Plane plane = imaging::sample_plane(64, 64);
  for (const Format format : {Format::jpeg, Format::webp}) {
    const auto size_at = [&](int quality) {
      ImageWriter writer(folder / "a", form, nullptr, {.format = format, .quality = quality});
      for (int64_t y = 0; y < 64; ++y) writer.write_row(plane.row(y));  // any bytes
      writer.finish();
      return fs::file_size(folder / "a");
    };
    EXPECT_LT(3 * size_at(30), 2 * size_at(95)) << to_string(format);
  }
}

TEST(ImageWriter, KeepsTheProfileAndNoOtherMetadata) {
  const tests::TemporaryFolder folder;
  const auto described = vips_picture({{1, 1}, {0}}, {VIPS_INTERPRETATION_B_W, 6});
  const std::string profile = imaging::gray_profile(1.8);
  vips_image_set_blob_copy(described.get(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  vips_image_set_blob_copy(described.get(), VIPS_META_XMP_NAME, "<x/>", 4);
  for (const Format format : {Format::jpeg, Format::png, Format::tiff}) {
    write_samples(folder / "a", {{2, 1}, {50, 51}}, format, described.get());
    const auto pixels = imaging::ImageFile(folder / "a").open_pixels();
    const void* bytes = nullptr;
    size_t size = 0;
    ASSERT_EQ(vips_image_get_blob(pixels.get(), VIPS_META_ICC_NAME, &bytes, &size), 0);
    EXPECT_EQ(std::string(static_cast<const char*>(bytes), size), profile) << to_string(format);
    EXPECT_EQ(vips_image_get_typeof(pixels.get(), VIPS_META_XMP_NAME), 0U) << to_string(format);
    EXPECT_EQ(vips_image_get_orientation(pixels.get()), 1) << to_string(format);
  }
}

#include "imaging/photo_reader.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/files.h"
#include "imaging/image_writer.h"
#include "imaging/photo_files.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"
#include "tests/imaging/pictures.h"

namespace imaging {
namespace {
namespace fs = std::filesystem;
using common::ErrorKind;

/// A photo with some detail, as a JPEG.
void save_jpeg(const fs::path& path, int width, int height, int orientation = 1) {
  std::vector<uint8_t> pixels;
  for (int i = 0; i < width * height * 3; ++i) pixels.push_back(static_cast<uint8_t>(i * i / 7));
  const Picture picture = picture_of(pixels, width, height, 3);
  vips_image_set_int(picture.get(), VIPS_META_ORIENTATION, orientation);
  save(picture, path);
}

class PhotoReader : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
};

TEST_F(PhotoReader, ReadsBackAPhotoThatWasWritten) {
  const Photo written{3, 2, {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26}};
  write_photo(folder_ / "a.png", written);
  const Photo photo = read_photo(folder_ / "a.png", 0);
  EXPECT_EQ(photo.width, 3);
  EXPECT_EQ(photo.rgb, written.rgb);
}

TEST_F(PhotoReader, GrayBecomesThreeEqualPlanes) {
  save(picture_of(std::vector<uint8_t>{7, 8, 9, 10}, 2, 2, 1), folder_ / "a.png");
  EXPECT_EQ(read_photo(folder_ / "a.png", 0).rgb,
            (std::vector<uint8_t>{7, 8, 9, 10, 7, 8, 9, 10, 7, 8, 9, 10}));
}

TEST_F(PhotoReader, SixteenBitBecomesEight) {
  save(picture_of(std::vector<uint16_t>{0, 0x8000, 0xFFFF}, 1, 1, 3), folder_ / "rgb.png");
  EXPECT_EQ(read_photo(folder_ / "rgb.png", 0).rgb, (std::vector<uint8_t>{0, 128, 255}));
  save(picture_of(std::vector<uint16_t>{0x4000}, 1, 1, 1), folder_ / "gray.tif");
  EXPECT_EQ(read_photo(folder_ / "gray.tif", 0).rgb, (std::vector<uint8_t>{64, 64, 64}));
}

TEST_F(PhotoReader, TransparencyLiesOnWhite) {
  save(picture_of(std::vector<uint8_t>{10, 20, 30, 0, 10, 20, 30, 255}, 2, 1, 4),
       folder_ / "a.png");
  EXPECT_EQ(read_photo(folder_ / "a.png", 0).rgb,
            (std::vector<uint8_t>{255, 10, 255, 20, 255, 30}));
}

TEST_F(PhotoReader, TurnsThePhotoByItsOrientation) {
  save_jpeg(folder_ / "a.jpg", 40, 20, 6);  // stored lying, to be turned clockwise
  save_jpeg(folder_ / "b.jpg", 40, 20, 1);
  const Photo turned = read_photo(folder_ / "a.jpg", 0);
  const Photo stored = read_photo(folder_ / "b.jpg", 0);
  EXPECT_EQ(turned.width, 20);
  EXPECT_EQ(turned.height, 40);
  // What is stored left at the bottom comes to the left at the top.
  EXPECT_EQ(turned.rgb[0], stored.rgb[19 * 40]);
  EXPECT_EQ(turned.rgb[19], stored.rgb[0]);
}

TEST_F(PhotoReader, ConvertsTheColourProfileToSrgb) {
  const Picture plain = picture_of(std::vector<uint8_t>{200, 100, 100}, 1, 1, 3);
  VipsBlob* profile = nullptr;
  ASSERT_EQ(vips_profile_load("p3", &profile, static_cast<void*>(nullptr)), 0);
  size_t num_bytes = 0;
  const void* bytes = vips_blob_get(profile, &num_bytes);
  vips_image_set_blob_copy(plain.get(), VIPS_META_ICC_NAME, bytes, num_bytes);
  vips_area_unref(VIPS_AREA(profile));
  save(plain, folder_ / "a.png");
  const Photo photo = read_photo(folder_ / "a.png", 0);
  EXPECT_NEAR(photo.rgb[0], 213, 3);  // Display P3 is wider: the same red takes more of sRGB's
  EXPECT_NEAR(photo.rgb[1], 95, 3);
}

TEST_F(PhotoReader, ShrinksToTheShortSideThatTheHeaderPromised) {
  save_jpeg(folder_ / "a.jpg", 333, 100, 6);
  const PhotoSize size = photo_size(folder_ / "a.jpg", 64);
  EXPECT_EQ(size.width, 64);
  EXPECT_EQ(size.height, 213);
  const Photo photo = read_photo(folder_ / "a.jpg", 64);
  EXPECT_EQ(photo.width, size.width);
  EXPECT_EQ(photo.height, size.height);
  EXPECT_EQ(photo.rgb.size(), 3U * 64 * 213);
  EXPECT_EQ(read_photo(folder_ / "a.jpg", 200).width, 100);  // never enlarged
}

class Truncated : public PhotoReader, public testing::WithParamInterface<const char*> {};

TEST_P(Truncated, IsCorruptAndNamed) {
  const fs::path path = folder_ / (std::string("photo.") + GetParam());
  save_jpeg(folder_ / "whole.jpg", 300, 200);
  const Picture whole(
      vips_image_new_from_file((folder_ / "whole.jpg").c_str(), static_cast<void*>(nullptr)));
  save(whole, path);
  ASSERT_EQ(read_photo(path, 100).height, 100);
  fs::resize_file(path, fs::file_size(path) / 2);
  tests::expect_error(ErrorKind::corrupt, path.string(), [&] { read_photo(path, 100); });
  tests::expect_error(ErrorKind::corrupt, "cut short", [&] { read_photo(path, 0); });
}

INSTANTIATE_TEST_SUITE_P(Formats, Truncated, testing::Values("jpg", "png", "tif", "webp"));

TEST_F(PhotoReader, OnlyTheFourFormatsAreReadWhateverTheName) {
  common::write_file_atomically(
      folder_ / "a.jpg",
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"60\"></svg>");
  tests::expect_error(ErrorKind::corrupt, "is not a JPEG",
                      [&] { read_photo(folder_ / "a.jpg", 0); });
}

TEST_F(PhotoReader, AHugePictureIsRefusedByItsHeader) {
  // The beginning of a PNG of 30000 x 30000 pixels.
  const unsigned char header[] = {
      0x89, 'P',  'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 'I',  'H',  'D',  'R',  0,   0,
      0x75, 0x30, 0,   0,   0x75, 0x30, 8,    0,    0, 0, 0, 0x43, 0x4c, 0xa7, 0x66, 0,    0,   0,
      8,    'I',  'D', 'A', 'T',  0x78, 0x9c, 3,    0, 0, 0, 0,    1,    0xa3, 0x0a, 0x15, 0xe3};
  const auto* text = reinterpret_cast<const char*>(header);
  common::write_file_atomically(folder_ / "a.png", {text, sizeof(header)});
  tests::expect_error(
      ErrorKind::corrupt,
      "900 megapixels; at most 500 are read: cut or shrink it (it is 30000 x 30000)",
      [&] { read_photo(folder_ / "a.png", 512); });
}

TEST_F(PhotoReader, AMissingFileIsAnIoError) {
  tests::expect_error(ErrorKind::io, "b.jpg", [&] { read_photo(folder_ / "b.jpg", 0); });
}

TEST_F(PhotoReader, AFolderWithoutPicturesIsAUsageError) {
  tests::expect_error(ErrorKind::usage, "no folder", [&] { list_photos(folder_ / "nowhere"); });
  tests::expect_error(ErrorKind::usage, "no pictures in", [&] { list_photos(folder_.path()); });
}

/// 20 x 16 pixels of one colour, in `Depth`.
template <class Depth>
void save_flat(const std::filesystem::path& path, const std::vector<Depth>& pixel) {
  vips::start();
  std::vector<Depth> pixels;
  for (int i = 0; i < 20 * 16; ++i) pixels.insert(pixels.end(), pixel.begin(), pixel.end());
  const bool is_wide = sizeof(Depth) == 2;
  const vips::Image image(vips_image_new_from_memory_copy(
      pixels.data(), pixels.size() * sizeof(Depth), 20, 16, static_cast<int>(pixel.size()),
      is_wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
  image->Type = pixel.size() < 3 ? (is_wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
                                 : (is_wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB);
  ASSERT_EQ(vips_image_write_to_file(image.get(), path.c_str(), static_cast<void*>(nullptr)), 0);
}

class DirtReader : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
};

TEST_F(DirtReader, KeepsAlphaOfEightAndSixteenBitAndHasNoneWhereTheFileHasNone) {
  save_flat<uint8_t>(folder_ / "a.png", {180, 180, 180, 77});
  save_flat<uint16_t>(folder_ / "b.png", {180 * 257, 180 * 257, 180 * 257, 77 * 257});
  save_flat<uint8_t>(folder_ / "c.png", {180, 77});
  save_flat<uint8_t>(folder_ / "d.png", {180});
  save_flat<uint16_t>(folder_ / "e.tif", {180 * 257});
  const auto pictures = read_dirt_pictures(folder_.path());
  ASSERT_EQ(pictures.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(pictures[i].width, 20);
    EXPECT_EQ(pictures[i].height, 16);
    EXPECT_EQ(pictures[i].gray, std::vector<uint8_t>(320, 180)) << i;
    EXPECT_EQ(pictures[i].alpha, std::vector<uint8_t>(i < 3 ? 320 : 0, 77)) << i;
  }
}

TEST_F(DirtReader, SaysWhatToDoWithoutAFolderWithoutPicturesAndWithABadOne) {
  const auto read = [&](const char* name) {
    return [this, name] { read_dirt_pictures(folder_ / name); };
  };
  tests::expect_error(ErrorKind::config, "the program draws its own dirt", read("missing"));
  common::make_directories(folder_ / "empty");
  tests::expect_error(ErrorKind::config, "no pictures in", read("empty"));
  common::make_directories(folder_ / "bad");
  common::write_file_atomically(folder_ / "bad" / "x.png", "no picture");
  tests::expect_error(ErrorKind::config, "take it out of the folder", read("bad"));
  common::make_directories(folder_ / "small");
  write_gray(folder_ / "small" / "y.png", Plane(4, 15));
  tests::expect_error(ErrorKind::config, "y.png is too small", read("small"));
}

}  // namespace
}  // namespace imaging

#include "webui/previews.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "common/error.h"
#include "common/files.h"
#include "tests/common/expect_error.h"
#include "tests/common/temporary_folder.h"
#include "tests/webui/written_picture.h"

namespace webui {
namespace {

void refuses_picture(const char* why, const std::function<void()>& body) {
  tests::expect_error(common::ErrorKind::corrupt, why, body);
}

namespace vips = imaging::vips;

/// In memory: libvips reads `bytes` later, when they may be gone.
vips::Image decoded(const std::string& bytes) {
  const vips::Image image(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));
  return vips::Image(vips_image_copy_memory(image.get()));
}

int level(VipsImage* image, int x, int y, int band = 0) {
  double* bands = nullptr;
  int num_bands = 0;
  if (vips_getpoint(image, &bands, &num_bands, x, y, nullptr) != 0) return -1;
  const vips::Memory<double> owned(bands);
  return static_cast<int>(owned.get()[band]);
}

TEST(JpegPreview, IsUprightSmallAndEightBit) {
  const tests::TemporaryFolder folder;
  write_picture<uint16_t>(folder / "a.tif", 400, 200, 32768, 6);
  const imaging::PhotoSize size = imaging::photo_size(folder / "a.tif", 0);
  EXPECT_EQ(size.width, 200);
  EXPECT_EQ(size.height, 400);
  const vips::Image preview = decoded(jpeg_preview(folder / "a.tif", 100));
  ASSERT_TRUE(preview);
  EXPECT_EQ(vips_image_get_width(preview.get()), 50);
  EXPECT_EQ(vips_image_get_height(preview.get()), 100);
  EXPECT_EQ(vips_image_get_bands(preview.get()), 3);
  for (int band = 0; band < 3; ++band) EXPECT_NEAR(level(preview.get(), 20, 20, band), 128, 1);
  EXPECT_EQ(vips_image_get_orientation(preview.get()), 1);
}

TEST(JpegPreview, IsNotEnlarged) {
  const tests::TemporaryFolder folder;
  write_picture(folder / "a.png", 30, 20);
  EXPECT_EQ(vips_image_get_width(decoded(jpeg_preview(folder / "a.png", 100)).get()), 30);
}

TEST(JpegPreview, RefusesWhatIsNoWholePicture) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "a.svg")
      << "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
  refuses_picture("a.svg", [&] { imaging::photo_size(folder / "a.svg", 0); });
  write_picture(folder / "a.png", 300, 200);
  std::filesystem::resize_file(folder / "a.png", std::filesystem::file_size(folder / "a.png") / 2);
  refuses_picture("a.png", [&] { jpeg_preview(folder / "a.png", 100); });
}

TEST(GrayPng, HasTheVeryLevels) {
  const vips::Image picture = decoded(gray_png({3, 1, {0, 128, 255}}));
  ASSERT_EQ(vips_image_get_bands(picture.get()), 1);
  for (const auto& [x, expected] : {std::pair{0, 0}, {1, 128}, {2, 255}}) {
    EXPECT_EQ(level(picture.get(), x, 0), expected);
  }
}

TEST(DamageOverlay, IsOpaqueWhereThereIsDamage) {
  const vips::Image overlay = decoded(damage_overlay({3, 1, {0, 128, 255}}));
  ASSERT_TRUE(overlay);
  ASSERT_EQ(vips_image_get_bands(overlay.get()), 4);
  VipsImage* alpha = nullptr;
  ASSERT_EQ(vips_extract_band(overlay.get(), &alpha, 3, nullptr), 0);
  const vips::Image owned(alpha);
  EXPECT_EQ(level(alpha, 0, 0), 0);
  EXPECT_EQ(level(alpha, 1, 0), 128);
  EXPECT_EQ(level(alpha, 2, 0), 255);
}

TEST(PaintedMask, HasThePhotographsSizeAndTwoLevels) {
  const tests::TemporaryFolder folder;
  write_picture(folder / "a.png", 40, 30, uint8_t{255});
  const std::string png = common::read_file(folder / "a.png");
  write_mask(png, {40, 30}, {1001, 753}, folder / "mask.png");
  const vips::Image mask = decoded(common::read_file(folder / "mask.png"));
  EXPECT_EQ(vips_image_get_width(mask.get()), 1001);
  EXPECT_EQ(vips_image_get_height(mask.get()), 753);
  EXPECT_EQ(vips_image_get_bands(mask.get()), 1);
  for (const int x : {0, 500, 1000}) EXPECT_EQ(level(mask.get(), x, 0), 255);
}

TEST(PaintedMask, RefusesAnotherSizeOrFormat) {
  const tests::TemporaryFolder folder;
  write_picture(folder / "a.png", 40, 30);
  write_picture(folder / "a.jpg", 40, 30);
  const std::string png = common::read_file(folder / "a.png");
  const auto refuses_mask = [&](const char* why, std::string_view picture, int width) {
    refuses_picture(why, [&] { write_mask(picture, {width, 30}, {80, 60}, folder / "m.png"); });
  };
  refuses_mask("is not of the preview's size", png, 41);
  const std::string jpeg = common::read_file(folder / "a.jpg");
  refuses_mask("is not a PNG picture", jpeg, 40);
  refuses_mask("cannot be decoded", std::string_view(png).substr(0, 20), 40);
}

}  // namespace
}  // namespace webui

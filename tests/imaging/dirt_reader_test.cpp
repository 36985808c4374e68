#include "imaging/dirt_reader.h"

#include <gtest/gtest.h>
#include <vips/vips.h>

#include <memory>

#include "common/files.h"
#include "imaging/photo_reader.h"
#include "imaging/vips.h"
#include "tests/common/expect_error.h"
#include "tests/dataset/synthetic_store.h"

namespace imaging {
namespace {

using common::ErrorKind;

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
  const std::vector<uint8_t> pixels(60);
  write_png(folder_ / "small" / "y.png", pixels.data(), 15, 4, 1);
  tests::expect_error(ErrorKind::config, "y.png is too small", read("small"));
}

}  // namespace
}  // namespace imaging

#include "imaging/png_decoder.h"

#include <fcntl.h>

#include <string>
#include <tuple>

#include "common/files.h"
#include "tests/imaging/pictures.h"
#include "tests/dataset/synthetic_store.h"

namespace imaging {
namespace {
namespace fs = std::filesystem;

/// Slopes with some noise: every branch of every filter is taken.
std::vector<uint8_t> busy_pixels(int width, int height, int channels) {
  std::vector<uint8_t> pixels;
  uint32_t state = 1;
  for (int i = 0; i < width * height * channels; ++i) {
    state = state * 1664525 + 1013904223;
    pixels.push_back(
        static_cast<uint8_t>(i / channels * 3 + i / (width * channels) * 5 + (state >> 28)));
  }
  return pixels;
}

void save_png(const fs::path& path, const Picture& picture, int filter, bool interlaced = false) {
  ASSERT_EQ(vips_pngsave(picture.get(), path.c_str(), "filter", filter, "interlace", interlaced,
                         static_cast<void*>(nullptr)),
            0)
      << vips_error_buffer();
}

std::optional<PngPixels> decode(const fs::path& path) {
  return decode_png(common::open_file(path, O_RDONLY));
}

class Png : public testing::TestWithParam<std::tuple<int, int, int>> {
 protected:
  tests::TemporaryFolder folder_;
};

TEST_P(Png, DecodesToThePixelsThatWereEncoded) {
  const auto [filter, channels, width] = GetParam();
  const auto pixels = busy_pixels(width, 23, channels);
  save_png(folder_ / "a.png", picture_of(pixels, width, 23, channels), filter);
  const std::optional<PngPixels> png = decode(folder_ / "a.png");
  ASSERT_TRUE(png);
  EXPECT_EQ(png->width, width);
  EXPECT_EQ(png->height, 23);
  EXPECT_EQ(png->channels, channels);
  EXPECT_EQ(png->bytes, pixels);
}

INSTANTIATE_TEST_SUITE_P(
    FiltersChannelsWidths, Png,
    testing::Combine(testing::Values(VIPS_FOREIGN_PNG_FILTER_NONE, VIPS_FOREIGN_PNG_FILTER_SUB,
                                     VIPS_FOREIGN_PNG_FILTER_UP, VIPS_FOREIGN_PNG_FILTER_AVG,
                                     VIPS_FOREIGN_PNG_FILTER_PAETH, VIPS_FOREIGN_PNG_FILTER_ALL),
                     testing::Values(1, 2, 3, 4), testing::Values(1, 2, 31)));

class PngDecoder : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
};

TEST_F(PngDecoder, LeavesOtherKindsToLibvips) {
  const Picture picture = picture_of(busy_pixels(20, 20, 3), 20, 20, 3);
  save_png(folder_ / "interlaced.png", picture, VIPS_FOREIGN_PNG_FILTER_ALL, true);
  EXPECT_FALSE(decode(folder_ / "interlaced.png"));
  save(picture_of(std::vector<uint16_t>(400, 1), 20, 20, 1), folder_ / "sixteen.png");
  EXPECT_FALSE(decode(folder_ / "sixteen.png"));
  save(picture, folder_ / "a.jpg");
  EXPECT_FALSE(decode(folder_ / "a.jpg"));
  common::write_file_atomically(folder_ / "empty.png", "");
  EXPECT_FALSE(decode(folder_ / "empty.png"));
}

TEST_F(PngDecoder, FindsEveryFlippedBitAndEveryMissingEnd) {
  const fs::path path = folder_ / "a.png";
  save_png(path, picture_of(busy_pixels(9, 7, 3), 9, 7, 3), VIPS_FOREIGN_PNG_FILTER_ALL);
  const std::string whole = common::read_file(path);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1 << at % 8);
    common::write_file_atomically(path, damaged);
    ASSERT_FALSE(decode(path)) << "byte " << at;
    common::write_file_atomically(path, whole.substr(0, at));
    ASSERT_FALSE(decode(path)) << "only " << at << " bytes";
  }
}

}  // namespace
}  // namespace imaging

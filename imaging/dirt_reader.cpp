#include "imaging/dirt_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "common/error.h"
#include "common/files.h"
#include "imaging/photo_reader.h"
#include "imaging/vips.h"

namespace imaging {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

constexpr int kLongestShortSide = 1024;
constexpr int kShortestSide = 16;

[[noreturn]] void refuse_dirt(const fs::path& path, const std::string& why) {
  throw Error(ErrorKind::config, "dirt picture " + path.string() + " " + why +
                                     "; take it out of the folder textures.folder or replace it");
}

/// What a libvips call has made, or a refusal.
vips::Image made(int failed, VipsImage* image, const fs::path& path) {
  if (failed != 0) refuse_dirt(path, "cannot be decoded (" + vips::last_error() + ")");
  return vips::Image(image);
}

vips::Image decode(const fs::path& path, const PhotoSize& size) {
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  VipsImage* decoded = nullptr;
  const int failed = vips_thumbnail(vips::name_of(file).c_str(), &decoded, size.width, "height",
                                    size.height, "size", VIPS_SIZE_FORCE, "fail_on",
                                    VIPS_FAIL_ON_ERROR, static_cast<void*>(nullptr));
  const vips::Image lazy = made(failed, decoded, path);
  VipsImage* pixels = vips_image_copy_memory(lazy.get());  // while the file is open
  return made(pixels == nullptr ? -1 : 0, pixels, path);
}

/// One band as 8 bit, whatever depth it has.
std::vector<uint8_t> bytes_of(const vips::Image& image, int band, const fs::path& path) {
  VipsImage* out = nullptr;
  const int cut = vips_extract_band(image.get(), &out, band, static_cast<void*>(nullptr));
  const vips::Image single = made(cut, out, path);
  const double scale = vips_image_get_format(single.get()) == VIPS_FORMAT_USHORT ? 1 / 257.0 : 1;
  const int scaled_failed =
      vips_linear1(single.get(), &out, scale, 0, "uchar", TRUE, static_cast<void*>(nullptr));
  const vips::Image scaled = made(scaled_failed, out, path);
  size_t num_bytes = 0;
  const vips::Memory<void> memory(vips_image_write_to_memory(scaled.get(), &num_bytes));
  if (!memory) refuse_dirt(path, "cannot be decoded (" + vips::last_error() + ")");
  const auto* first = static_cast<const uint8_t*>(memory.get());
  return {first, first + num_bytes};
}

PhotoSize size_of(const fs::path& path) try {
  return photo_size(path, kLongestShortSide);
} catch (const Error& error) {
  if (error.kind() != ErrorKind::corrupt) throw;
  throw Error(ErrorKind::config, std::string(error.what()) +
                                     "; it is a dirt picture: take it out of the folder "
                                     "textures.folder or replace it");
}

GrayPicture read_dirt_picture(const fs::path& path) {
  const PhotoSize size = size_of(path);
  if (std::min(size.width, size.height) < kShortestSide) refuse_dirt(path, "is too small to lay");
  const vips::Image decoded = decode(path, size);
  VipsImage* out = nullptr;
  const int failed =
      vips_colourspace(decoded.get(), &out, VIPS_INTERPRETATION_B_W, static_cast<void*>(nullptr));
  const vips::Image gray = made(failed, out, path);
  GrayPicture picture{size.width, size.height, bytes_of(gray, 0, path), {}};
  if (vips_image_hasalpha(gray.get())) picture.alpha = bytes_of(gray, 1, path);
  return picture;
}

}  // namespace

std::vector<GrayPicture> read_dirt_pictures(const fs::path& folder) {
  vips::start();
  std::vector<fs::path> paths;
  try {
    paths = list_photos(folder);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw Error(ErrorKind::config, std::string("textures.folder: ") + error.what() +
                                       "; without textures.folder the program draws its own dirt");
  }
  std::vector<GrayPicture> pictures;
  for (const fs::path& path : paths) pictures.push_back(read_dirt_picture(path));
  return pictures;
}

}  // namespace imaging

#include "imaging/photo_reader.h"

#include <algorithm>
#include <cmath>

#include "common/error.h"
#include "imaging/image_file.h"
#include "imaging/photo_files.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

constexpr int kMostDirtShortSide = 1024, kLeastDirtSide = 16;

PhotoSize shrunk_size(const PixelFormat& form, int short_side) {
  const PhotoSize size{static_cast<int>(form.width), static_cast<int>(form.height)};
  const int shorter = std::min(size.width, size.height);
  if (short_side <= 0 || shorter <= short_side) return size;
  const auto scaled = [&](int length) {
    return static_cast<int>(std::lround(static_cast<double>(length) * short_side / shorter));
  };
  return {scaled(size.width), scaled(size.height)};
}

/// The exact size is forced: libvips' own rounding of the long side must not move the patch grid.
vips::Image thumbnail(const ImageFile& file, const PhotoSize& size, const char* export_profile) {
  return file.thumbnail(
      {size.width, size.height, VIPS_SIZE_FORCE, VIPS_FAIL_ON_ERROR, export_profile});
}

vips::Image in_colour_space(const fs::path& path, const vips::Image& image,
                            VipsInterpretation space) {
  return vips::result(
      path, [&](VipsImage** out) { return vips_colourspace(image.get(), out, space, nullptr); });
}

std::vector<uint8_t> pixels_of(const fs::path& path, const vips::Image& image) {
  size_t num_bytes = 0;
  const vips::Memory<uint8_t> memory(
      static_cast<uint8_t*>(vips_image_write_to_memory(image.get(), &num_bytes)));
  if (!memory) vips::refuse(path);
  return {memory.get(), memory.get() + num_bytes};
}

/// One band as 8 bit, whatever depth it has.
std::vector<uint8_t> band_of(const fs::path& path, const vips::Image& image, int band) {
  const vips::Image single = vips::result(
      path, [&](VipsImage** out) { return vips_extract_band(image.get(), out, band, nullptr); });
  const double scale = vips_image_get_format(single.get()) == VIPS_FORMAT_USHORT ? 1 / 257.0 : 1;
  return pixels_of(path, vips::result(path, [&](VipsImage** out) {
                     return vips_linear1(single.get(), out, scale, 0, "uchar", TRUE, nullptr);
                   }));
}

[[noreturn]] void refuse_dirt(const std::string& what) {
  throw common::config_error(
      what +
      "; it is a picture of dirt: take it out of the folder textures.folder or "
      "replace it");
}

GrayPicture read_dirt_picture(const fs::path& path) try {
  const ImageFile file(path);
  const PhotoSize size = shrunk_size(file.form(), kMostDirtShortSide);
  if (std::min(size.width, size.height) < kLeastDirtSide) {
    refuse_dirt(path.string() + " is too small to lay");
  }
  const vips::Image lazy =
      in_colour_space(path, thumbnail(file, size, nullptr), VIPS_INTERPRETATION_B_W);
  const vips::Image gray(vips_image_copy_memory(lazy.get()));  // gone through more than once
  if (!gray) vips::refuse(path);
  GrayPicture picture{size.width, size.height, band_of(path, gray, 0), {}};
  if (vips_image_hasalpha(gray.get())) picture.alpha = band_of(path, gray, 1);
  return picture;
} catch (const Error& error) {
  if (error.kind() != ErrorKind::corrupt) throw;
  refuse_dirt(error.what());
}

}  // namespace

vips::Image on_white(const fs::path& path, vips::Image image) {
  if (!vips_image_hasalpha(image.get())) return image;
  const double white = vips_image_get_format(image.get()) == VIPS_FORMAT_USHORT ? 65535 : 255;
  VipsArrayDouble* background = vips_array_double_newv(1, white);
  const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> owner(
      background, [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
  return vips::result(path, [&](VipsImage** out) {
    return vips_flatten(image.get(), out, "background", background, nullptr);
  });
}

PhotoSize photo_size(const fs::path& path, int short_side) {
  return shrunk_size(ImageFile(path).form(), short_side);
}

Photo read_photo(const fs::path& path, int short_side) {
  const ImageFile file(path);
  const PhotoSize size = shrunk_size(file.form(), short_side);
  // A profile is asked for only where there is one: without, vips_thumbnail of 8.14 shifts colours.
  vips::Image image = thumbnail(file, size, file.has_profile() ? "srgb" : nullptr);
  image = in_colour_space(path, on_white(path, std::move(image)), VIPS_INTERPRETATION_sRGB);
  image = vips::result(path,
                       [&](VipsImage** out) { return vips_cast_uchar(image.get(), out, nullptr); });
  const std::vector<uint8_t> interleaved = pixels_of(path, image);
  Photo photo{size.width, size.height, {}};
  const size_t pixels = static_cast<size_t>(size.width) * static_cast<size_t>(size.height);
  if (interleaved.size() != 3 * pixels) {
    throw common::corrupt_error(path.string() + " does not decode to three colours of 8 bit");
  }
  photo.rgb.resize(3 * pixels);
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t channel = 0; channel < 3; ++channel) {
      photo.rgb[channel * pixels + i] = interleaved[3 * i + channel];
    }
  }
  return photo;
}

std::vector<GrayPicture> read_dirt_pictures(const fs::path& folder) {
  std::vector<fs::path> paths;
  try {
    paths = list_photos(folder);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw common::config_error(std::string("textures.folder: ") + error.what() +
                               "; without textures.folder the program draws its own dirt");
  }
  std::vector<GrayPicture> pictures;
  for (const fs::path& path : paths) pictures.push_back(read_dirt_picture(path));
  return pictures;
}

}  // namespace imaging

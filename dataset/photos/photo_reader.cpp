#include "dataset/photos/photo_reader.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error.h"
#include "dataset/photos/vips.h"

namespace dataset {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

constexpr int64_t kMaxPixels = 250'000'000;

[[noreturn]] void refuse(const fs::path& path) {
  throw Error(ErrorKind::corrupt, path.string() + " cannot be decoded: " + vips::last_error());
}

/// Refuses before a single pixel is decoded: a file of 1 MB may unfold to gigabytes.
PhotoSize size_in_header(const fs::path& path) {
  const vips::Source source = vips::open_source(path);
  const vips::Image header(vips_image_new_from_source(
      source.get(), "", "access", VIPS_ACCESS_SEQUENTIAL, static_cast<void*>(nullptr)));
  if (!header) refuse(path);
  PhotoSize size{vips_image_get_width(header.get()), vips_image_get_height(header.get())};
  if (int64_t{size.width} * size.height > kMaxPixels) {
    throw Error(ErrorKind::corrupt, path.string() + " says it has " + std::to_string(size.width) +
                                        " x " + std::to_string(size.height) + " pixels; at most " +
                                        std::to_string(kMaxPixels) + " are read: shrink it first");
  }
  if (vips_image_get_orientation_swap(header.get())) std::swap(size.width, size.height);
  return size;
}

PhotoSize shrunk(PhotoSize size, int short_side) {
  const int shorter = std::min(size.width, size.height);
  if (short_side <= 0 || shorter <= short_side) return size;
  const auto scaled = [&](int length) {
    return static_cast<int>(std::lround(static_cast<double>(length) * short_side / shorter));
  };
  return {scaled(size.width), scaled(size.height)};
}

/// Decoded while it shrinks, so that memory grows with the small picture and not with the file.
vips::Image decode(const fs::path& path, const PhotoSize& size) {
  const vips::Source source = vips::open_source(path);
  VipsImage* decoded = nullptr;
  // The exact size is forced: libvips' own rounding of the long side must not move the patch grid.
  if (vips_thumbnail_source(source.get(), &decoded, size.width, "height", size.height, "size",
                            VIPS_SIZE_FORCE, "export_profile", "srgb", "fail_on",
                            VIPS_FAIL_ON_ERROR, static_cast<void*>(nullptr)) != 0) {
    refuse(path);
  }
  return vips::Image(decoded);
}

vips::Image on_white(vips::Image image, const fs::path& path) {
  if (!vips_image_hasalpha(image.get())) return image;
  const double white = vips_image_get_format(image.get()) == VIPS_FORMAT_USHORT ? 65535 : 255;
  VipsArrayDouble* background = vips_array_double_newv(1, white);
  VipsImage* flat = nullptr;
  const int failed =
      vips_flatten(image.get(), &flat, "background", background, static_cast<void*>(nullptr));
  vips_area_unref(VIPS_AREA(background));
  if (failed != 0) refuse(path);
  return vips::Image(flat);
}

vips::Image as_srgb(const vips::Image& image, const fs::path& path) {
  VipsImage* converted = nullptr;
  if (vips_colourspace(image.get(), &converted, VIPS_INTERPRETATION_sRGB,
                       static_cast<void*>(nullptr)) != 0) {
    refuse(path);
  }
  const vips::Image srgb(converted);
  VipsImage* bytes = nullptr;
  if (vips_cast_uchar(srgb.get(), &bytes, static_cast<void*>(nullptr)) != 0) refuse(path);
  return vips::Image(bytes);
}

Photo planar(const vips::Image& image, const fs::path& path) {
  size_t num_bytes = 0;
  const vips::Memory<void> memory(vips_image_write_to_memory(image.get(), &num_bytes));
  if (!memory) refuse(path);
  Photo photo{vips_image_get_width(image.get()), vips_image_get_height(image.get()), {}};
  const size_t pixels = static_cast<size_t>(photo.width) * static_cast<size_t>(photo.height);
  if (num_bytes != 3 * pixels) {
    throw Error(ErrorKind::corrupt, path.string() + " does not decode to three colours of 8 bit");
  }
  photo.rgb.resize(num_bytes);
  const auto* from = static_cast<const uint8_t*>(memory.get());
  for (size_t i = 0; i < pixels; ++i) {
    for (size_t channel = 0; channel < 3; ++channel) {
      photo.rgb[channel * pixels + i] = from[3 * i + channel];
    }
  }
  return photo;
}

}  // namespace

PhotoSize photo_size(const fs::path& path, int short_side) {
  vips::start();
  return shrunk(size_in_header(path), short_side);
}

Photo read_photo(const fs::path& path, int short_side) {
  const PhotoSize size = photo_size(path, short_side);
  return planar(as_srgb(on_white(decode(path, size), path), path), path);
}

}  // namespace dataset

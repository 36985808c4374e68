#include "imaging/photo_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "common/error.h"
#include "common/files.h"
#include "imaging/png_decoder.h"
#include "imaging/vips.h"

namespace imaging {
namespace fs = std::filesystem;
using common::Error;
using common::ErrorKind;

namespace {

constexpr int64_t kMaxPixels = 250'000'000;

[[noreturn]] void refuse(const fs::path& path) {
  // What libvips says may be missing: its text is one for all threads.
  throw Error(ErrorKind::corrupt, path.string() +
                                      " cannot be decoded: it is truncated, damaged, or not JPEG, "
                                      "PNG, TIFF or WebP (" +
                                      vips::last_error() + ")");
}

struct Header {
  vips::Image image;  ///< nothing decoded yet
  PhotoSize size;     ///< after turning

  bool has_profile() const { return vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0; }
};

/// Refuses before a single pixel is decoded: a file of 1 MB may unfold to gigabytes.
Header read_header(const common::FileDescriptor& file, const fs::path& path) {
  vips::Image header(vips_image_new_from_file(vips::name_of(file).c_str(), "access",
                                              VIPS_ACCESS_SEQUENTIAL, static_cast<void*>(nullptr)));
  if (!header) refuse(path);
  PhotoSize size{vips_image_get_width(header.get()), vips_image_get_height(header.get())};
  if (int64_t{size.width} * size.height > kMaxPixels) {
    throw Error(ErrorKind::corrupt, path.string() + " says it has " + std::to_string(size.width) +
                                        " x " + std::to_string(size.height) + " pixels; at most " +
                                        std::to_string(kMaxPixels) + " are read: shrink it first");
  }
  if (vips_image_get_orientation_swap(header.get())) std::swap(size.width, size.height);
  return {std::move(header), size};
}

PhotoSize shrunk(PhotoSize size, int short_side) {
  const int shorter = std::min(size.width, size.height);
  if (short_side <= 0 || shorter <= short_side) return size;
  const auto scaled = [&](int length) {
    return static_cast<int>(std::lround(static_cast<double>(length) * short_side / shorter));
  };
  return {scaled(size.width), scaled(size.height)};
}

// The exact size is forced: libvips' own rounding of the long side must not move the patch grid.
// A profile is asked for only where there is one: without, vips_thumbnail of 8.14 shifts colours.

/// Decoded while it shrinks, so that memory grows with the small picture and not with the file.
vips::Image decode(const common::FileDescriptor& file, const Header& header, const PhotoSize& size,
                   const fs::path& path) {
  VipsImage* decoded = nullptr;
  if (vips_thumbnail(vips::name_of(file).c_str(), &decoded, size.width, "height", size.height,
                     "size", VIPS_SIZE_FORCE, "fail_on", VIPS_FAIL_ON_ERROR, "export_profile",
                     header.has_profile() ? "srgb" : nullptr, static_cast<void*>(nullptr)) != 0) {
    refuse(path);
  }
  return vips::Image(decoded);
}

/// The same of pixels that are decoded already; they must outlive the result.
vips::Image shrink(const PngPixels& pixels, const Header& header, const PhotoSize& size,
                   const fs::path& path) {
  const vips::Image whole(vips_image_new_from_memory(pixels.bytes.data(), pixels.bytes.size(),
                                                     pixels.width, pixels.height, pixels.channels,
                                                     VIPS_FORMAT_UCHAR));
  if (!whole) refuse(path);
  whole->Type = vips_image_get_interpretation(header.image.get());
  vips_image_set_int(whole.get(), VIPS_META_ORIENTATION,
                     vips_image_get_orientation(header.image.get()));
  const void* profile = nullptr;
  size_t profile_bytes = 0;
  if (header.has_profile() &&
      vips_image_get_blob(header.image.get(), VIPS_META_ICC_NAME, &profile, &profile_bytes) == 0) {
    vips_image_set_blob_copy(whole.get(), VIPS_META_ICC_NAME, profile, profile_bytes);
  }
  VipsImage* shrunk = nullptr;
  if (vips_thumbnail_image(whole.get(), &shrunk, size.width, "height", size.height, "size",
                           VIPS_SIZE_FORCE, "export_profile",
                           header.has_profile() ? "srgb" : nullptr,
                           static_cast<void*>(nullptr)) != 0) {
    refuse(path);
  }
  return vips::Image(shrunk);
}

/// libvips sees as many channels in the file: there is no transparency apart from them.
bool has_all_channels(const std::optional<PngPixels>& pixels, const Header& header) {
  return pixels && pixels->channels == vips_image_get_bands(header.image.get());
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
  return shrunk(read_header(common::open_file(path, O_RDONLY), path).size, short_side);
}

Photo read_photo(const fs::path& path, int short_side) {
  vips::start();
  const common::FileDescriptor file = common::open_file(path, O_RDONLY);
  const Header header = read_header(file, path);
  const PhotoSize size = shrunk(header.size, short_side);
  const std::optional<PngPixels> png = decode_png(file);
  vips::Image decoded = has_all_channels(png, header) ? shrink(*png, header, size, path)
                                                      : decode(file, header, size, path);
  return planar(as_srgb(on_white(std::move(decoded), path), path), path);
}

}  // namespace imaging

#include "imaging/image_file.h"

#include <fcntl.h>

#include <algorithm>

#include "common/error.h"

namespace imaging {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& message) {
  throw common::corrupt_error(path.string() + " " + message);
}

common::FileDescriptor open_regular_file(const fs::path& path) {
  // O_NONBLOCK: a pipe is refused rather than waited for.
  common::FileDescriptor file = common::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!fs::is_regular_file(path)) refuse(path, "is not a file");
  return file;
}

vips::Image open_picture(const fs::path& path, const common::FileDescriptor& file,
                         VipsAccess access) {
  vips::Image picture(vips_image_new_from_file(vips::name_of(file).c_str(), "fail_on",
                                               VIPS_FAIL_ON_TRUNCATED, "access", access, nullptr));
  if (!picture) {
    refuse(path, "is not a JPEG, PNG, TIFF or WebP picture, or is cut short (" +
                     vips::last_error() + "): save it as one of these, or scan it again");
  }
  return picture;
}

void require_readable(const fs::path& path, VipsImage* picture) {
  const int64_t pixels = int64_t{vips_image_get_width(picture)} * vips_image_get_height(picture);
  if (pixels > kMostPixels) {
    refuse(path, "has " + std::to_string(pixels / 1'000'000) + " megapixels; at most " +
                     std::to_string(kMostPixels / 1'000'000) +
                     " are read: cut or shrink it (it is " +
                     std::to_string(vips_image_get_width(picture)) + " x " +
                     std::to_string(vips_image_get_height(picture)) + ")");
  }
  const auto bytes = static_cast<int64_t>(fs::file_size(path));
  if (pixels > kSmallPixels && pixels / kMostPixelsAByte > bytes) {
    refuse(path, "says that it has " + std::to_string(pixels / 1'000'000) + " megapixels in " +
                     std::to_string(bytes) + " bytes, which cannot be: it is damaged");
  }
  const VipsBandFormat format = vips_image_get_format(picture);
  if (format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) {
    refuse(path, std::string("has samples of type ") +
                     vips_enum_nick(VIPS_TYPE_BAND_FORMAT, format) +
                     "; 8 and 16 bit are read: convert it");
  }
}

Format format_of(const fs::path& path, VipsImage* picture) {
  const char* loader = nullptr;
  if (vips_image_get_string(picture, VIPS_META_LOADER, &loader) == 0) {
    for (const Format format : {Format::jpeg, Format::png, Format::tiff, Format::webp}) {
      if (std::string(loader).starts_with(to_string(format))) return format;
    }
  }
  refuse(path, "is of a format that is not read");
}

/// Rows can only be had when all are there: of interlaced PNG the pixels wait, of progressive JPEG
/// two bytes a coefficient, of WebP what its library needs (measured).
int64_t held_bytes_of(VipsImage* picture, Format format) {
  const int64_t pixels = int64_t{vips_image_get_width(picture)} * vips_image_get_height(picture);
  if (format == Format::webp) return 8 * pixels;
  if (vips_image_get_typeof(picture, "interlaced") == 0) return 0;
  if (format == Format::png) {
    return pixels * static_cast<int64_t>(VIPS_IMAGE_SIZEOF_PEL(picture));
  }
  const char* sampling = nullptr;
  const bool has_few_chroma =
      vips_image_get_typeof(picture, "jpeg-chroma-subsample") != 0 &&
      vips_image_get_string(picture, "jpeg-chroma-subsample", &sampling) == 0 &&
      std::string(sampling) == "4:2:0";
  return pixels * (has_few_chroma ? 3 : 2 * vips_image_get_bands(picture));
}

/// Gray, or red, green and blue: its samples are kept as they are. Others are converted.
bool is_gray_or_rgb(VipsImage* picture) {
  switch (vips_image_get_interpretation(picture)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_MULTIBAND: return true;
    default: return false;
  }
}

/// Into sRGB of the same depth, CMYK through its profile or, without one, libvips's own.
vips::Image to_srgb(const fs::path& path, const vips::Image& picture, int bits) {
  if (vips_image_get_interpretation(picture.get()) == VIPS_INTERPRETATION_CMYK) {
    return vips::result(path, [&](VipsImage** out) {
      return vips_icc_transform(picture.get(), out, "srgb", "embedded", TRUE, "input_profile",
                                "cmyk", "depth", bits, nullptr);
    });
  }
  const vips::Image rgb = vips::result(path, [&](VipsImage** out) {
    return vips_colourspace(picture.get(), out,
                            bits == 16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB,
                            nullptr);
  });
  return vips::result(path, [&](VipsImage** out) {
    return vips_cast(rgb.get(), out, bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, nullptr);
  });
}

bool lies_on_its_side(VipsImage* picture) { return vips_image_get_orientation(picture) > 1; }

vips::Image with_channels(const fs::path& path, vips::Image picture, int channels) {
  if (vips_image_get_bands(picture.get()) == channels) return picture;
  return vips::result(path, [&](VipsImage** out) {
    return vips_extract_band(picture.get(), out, 0, "n", channels, nullptr);
  });
}

}  // namespace

ImageFile::ImageFile(const fs::path& path) : path_(path) {
  vips::start();
  file_ = open_regular_file(path);
  const vips::Image picture = open_picture(path, file_, VIPS_ACCESS_SEQUENTIAL);
  require_readable(path, picture.get());
  format_ = format_of(path, picture.get());
  held_bytes_ = held_bytes_of(picture.get(), format_);
  has_profile_ = vips_image_get_typeof(picture.get(), VIPS_META_ICC_NAME) != 0;
  const bool turned = vips_image_get_orientation_swap(picture.get()) != 0;
  form_.width = vips_image_get_width(picture.get());
  form_.height = vips_image_get_height(picture.get());
  if (turned) std::swap(form_.width, form_.height);
  form_.bits = vips_image_get_format(picture.get()) == VIPS_FORMAT_USHORT ? 16 : 8;
  const int num_pages = vips_image_get_n_pages(picture.get());
  if (num_pages > 1) {
    notes_.push_back("only the first of its " + std::to_string(num_pages) + " pages was restored");
  }
  const bool is_converted = !is_gray_or_rgb(picture.get());
  const int bands = vips_image_get_bands(picture.get());
  form_.colours = is_converted || bands >= 3 ? 3 : 1;
  form_.has_alpha = is_converted ? vips_image_hasalpha(picture.get()) : bands == 2 || bands >= 4;
  if (is_converted) {
    notes_.push_back(
        std::string("its colours were converted from ") +
        vips_enum_nick(VIPS_TYPE_INTERPRETATION, vips_image_get_interpretation(picture.get())) +
        " to sRGB");
  } else if (bands > 4) {
    notes_.push_back("only the first 4 of its " + std::to_string(bands) + " channels were kept");
  }
}

vips::Image ImageFile::open_pixels() const {
  vips::Image picture = open_picture(path_, file_, VIPS_ACCESS_SEQUENTIAL);
  if (lies_on_its_side(picture.get())) {
    // Turning needs the rows in another order than they come in: from a temporary file, if large.
    picture = open_picture(path_, file_, VIPS_ACCESS_RANDOM);
    picture = vips::result(
        path_, [&](VipsImage** out) { return vips_autorot(picture.get(), out, nullptr); });
  }
  if (!is_gray_or_rgb(picture.get())) {
    picture = to_srgb(path_, picture, form_.bits);
    vips_image_remove(picture.get(), VIPS_META_ICC_NAME);
  }
  return with_channels(path_, std::move(picture), form_.channels());
}

RowReader::RowReader(vips::Image pixels, fs::path path)
    : path_(std::move(path)), pixels_(std::move(pixels)), region_(vips_region_new(pixels_.get())) {}

RowReader::Rows RowReader::next(int64_t count) {
  const int width = vips_image_get_width(pixels_.get());
  const int64_t height = vips_image_get_height(pixels_.get());
  const VipsRect strip{0, static_cast<int>(next_row_), width,
                       static_cast<int>(std::min(count, height - next_row_))};
  if (vips_region_prepare(region_.get(), &strip) != 0) {
    vips::refuse(path_);
  }
  const Rows rows{next_row_, strip.height,
                  static_cast<const uint8_t*>(VIPS_REGION_ADDR(region_.get(), 0, strip.top)),
                  static_cast<int64_t>(VIPS_REGION_LSKIP(region_.get()))};
  next_row_ += strip.height;
  return rows;
}

}  // namespace imaging

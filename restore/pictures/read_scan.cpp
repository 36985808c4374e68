#include <fcntl.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "dataset/photos/vips.h"
#include "restore/pictures/picture_file.h"

namespace restore {
namespace {

namespace vips = dataset::vips;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& message) {
  throw common::Error(common::ErrorKind::corrupt, path.string() + " " + message);
}

/// What an operation of libvips gave.
template <class Operation>
vips::Image result(const std::filesystem::path& path, Operation&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) refuse(path, "cannot be decoded: " + vips::last_error());
  return vips::Image(out);
}

common::FileDescriptor open_file(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe is refused rather than waited for.
  common::FileDescriptor file = common::open_file(path, O_RDONLY | O_NONBLOCK);
  if (!std::filesystem::is_regular_file(path)) refuse(path, "is not a file");
  return file;
}

vips::Image open_picture(const std::filesystem::path& path, const common::FileDescriptor& file) {
  vips::Image picture(vips_image_new_from_file(vips::name_of(file).c_str(), "fail_on",
                                               VIPS_FAIL_ON_TRUNCATED, nullptr));
  if (!picture) {
    refuse(path, "is not a JPEG, PNG, TIFF or WebP picture, or is cut short (" +
                     vips::last_error() + ")");
  }
  return picture;
}

void require_readable(const std::filesystem::path& path, VipsImage* picture) {
  const int64_t pixels = int64_t{vips_image_get_width(picture)} * vips_image_get_height(picture);
  if (pixels > kMostPixels) {
    refuse(path, "has " + std::to_string(pixels / 1'000'000) + " megapixels; at most " +
                     std::to_string(kMostPixels / 1'000'000) + " are restored: cut or shrink it");
  }
  const VipsBandFormat format = vips_image_get_format(picture);
  if (format != VIPS_FORMAT_UCHAR && format != VIPS_FORMAT_USHORT) {
    refuse(path, std::string("has samples of type ") +
                     vips_enum_nick(VIPS_TYPE_BAND_FORMAT, format) +
                     "; 8 and 16 bit are read: convert it");
  }
}

vips::Image upright(const std::filesystem::path& path, vips::Image picture) {
  return result(path, [&](VipsImage** out) { return vips_autorot(picture.get(), out, nullptr); });
}

/// With its profile, where it has one, into sRGB of the same depth; CMYK and others without one
/// through libvips's own.
vips::Image to_srgb(const std::filesystem::path& path, vips::Image picture, Scan& scan) {
  const bool cmyk = vips_image_get_interpretation(picture.get()) == VIPS_INTERPRETATION_CMYK;
  if (cmyk || vips_image_get_typeof(picture.get(), VIPS_META_ICC_NAME) != 0) {
    VipsImage* out = nullptr;
    if (vips_icc_transform(picture.get(), &out, "srgb", "embedded", TRUE, "input_profile",
                           cmyk ? "cmyk" : "srgb", "depth", scan.bits, nullptr) == 0) {
      return vips::Image(out);
    }
    scan.notes.push_back("its colour profile cannot be used and was left out (" +
                         vips::last_error() + ")");
  }
  const VipsInterpretation gray_or_colour =
      vips_image_get_bands(picture.get()) < 3
          ? (scan.bits == 16 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
          : (scan.bits == 16 ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB);
  return result(path, [&](VipsImage** out) {
    return vips_colourspace(picture.get(), out, gray_or_colour, nullptr);
  });
}

struct UnrefArray {
  void operator()(VipsArrayDouble* array) const { vips_area_unref(VIPS_AREA(array)); }
};

vips::Image without_alpha(const std::filesystem::path& path, vips::Image picture, Scan& scan) {
  if (!vips_image_hasalpha(picture.get())) return picture;
  scan.notes.push_back("its transparent parts were laid on white");
  const double white_value[] = {scan.bits == 16 ? 65535.0 : 255.0};
  const std::unique_ptr<VipsArrayDouble, UnrefArray> white(vips_array_double_new(white_value, 1));
  return result(path, [&](VipsImage** out) {
    return vips_flatten(picture.get(), out, "background", white.get(), "max_alpha", white_value[0],
                        nullptr);
  });
}

/// A pixel is coloured if its channels lie further apart than a JPEG's rounding takes them.
constexpr float kColourSpread = 0.03F;
constexpr double kColouredShare = 0.001;

/// Luma of one row; returns how many of its pixels are coloured.
template <class Sample>
int64_t luma_row(const Sample* samples, int bands, int64_t width, float scale, float* luma) {
  int64_t coloured = 0;
  for (int64_t x = 0; x < width; ++x, samples += bands) {
    const float red = static_cast<float>(samples[0]) * scale;
    if (bands < 3) {
      luma[x] = red;
      continue;
    }
    const float green = static_cast<float>(samples[1]) * scale;
    const float blue = static_cast<float>(samples[2]) * scale;
    luma[x] = luma_of(red, green, blue);
    coloured += std::max({red, green, blue}) - std::min({red, green, blue}) > kColourSpread;
  }
  return coloured;
}

void read_luma(const std::filesystem::path& path, VipsImage* picture, Scan& scan) {
  constexpr int kStrip = 64;
  const int width = vips_image_get_width(picture), height = vips_image_get_height(picture);
  const int bands = vips_image_get_bands(picture);
  const std::unique_ptr<VipsRegion, vips::Unref> region(vips_region_new(picture));
  scan.luma = Plane(height, width);
  int64_t coloured = 0;
  for (int top = 0; top < height; top += kStrip) {
    const VipsRect strip{0, top, width, std::min(kStrip, height - top)};
    if (vips_region_prepare(region.get(), &strip) != 0) {
      refuse(path, "is damaged or cut short: " + vips::last_error());
    }
    for (int y = top; y < top + strip.height; ++y) {
      const void* row = VIPS_REGION_ADDR(region.get(), 0, y);
      coloured += scan.bits == 16 ? luma_row(static_cast<const uint16_t*>(row), bands, width,
                                             1.0F / 65535, scan.luma.row(y))
                                  : luma_row(static_cast<const uint8_t*>(row), bands, width,
                                             1.0F / 255, scan.luma.row(y));
    }
  }
  if (static_cast<double>(coloured) > kColouredShare * width * height) {
    scan.notes.push_back("it is in colour; the model restores luma alone, so the result is gray");
  }
}

}  // namespace

Scan read_scan(const std::filesystem::path& path) {
  vips::start();
  const common::FileDescriptor file = open_file(path);  // read from until the end
  vips::Image picture = open_picture(path, file);
  require_readable(path, picture.get());
  Scan scan;
  scan.bits = vips_image_get_format(picture.get()) == VIPS_FORMAT_USHORT ? 16 : 8;
  const int num_pages = vips_image_get_n_pages(picture.get());
  if (num_pages > 1) {
    scan.notes.push_back("only the first of its " + std::to_string(num_pages) +
                         " pages was restored");
  }
  picture = upright(path, std::move(picture));
  picture = to_srgb(path, std::move(picture), scan);
  picture = without_alpha(path, std::move(picture), scan);
  scan.pixels_per_mm_x = vips_image_get_xres(picture.get());
  scan.pixels_per_mm_y = vips_image_get_yres(picture.get());
  read_luma(path, picture.get(), scan);
  return scan;
}

}  // namespace restore

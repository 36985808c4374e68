#include "imaging/vips_loader.h"

#include <algorithm>

namespace imaging {

std::string loader_of(VipsImage* picture) {
  const char* loader = "";
  if (vips_image_get_typeof(picture, VIPS_META_LOADER) != 0) {
    vips_image_get_string(picture, VIPS_META_LOADER, &loader);
  }
  return loader;
}

Format format_of(VipsImage* picture) {
  for (const Format format : {Format::jpeg, Format::tiff, Format::webp}) {
    if (loader_of(picture).starts_with(to_string(format))) return format;
  }
  return Format::png;
}

int64_t held_bytes_of(VipsImage* picture, Format format, const std::optional<TiffPicture>& tiff) {
  constexpr int64_t kSmallStrip = 1 << 23;
  const int64_t pixels = int64_t{vips_image_get_width(picture)} * vips_image_get_height(picture);
  const std::string loader = loader_of(picture);
  if (tiff) {
    const int64_t rows = std::clamp<int64_t>(tiff->rows_per_strip, 0, tiff->height);
    const int64_t bytes = rows * tiff->width * tiff->bits * tiff->samples / 8;
    return tiff->is_tiled || bytes < kSmallStrip ? 0 : bytes;
  }
  if (format == Format::webp || loader.starts_with("heif")) return 8 * pixels;
  if (loader.starts_with("jxl")) return 24 * pixels;
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

}  // namespace imaging

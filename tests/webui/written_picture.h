#pragma once

#include <filesystem>
#include <vector>

#include "imaging/vips.h"

namespace webui {

/// A picture of one gray, 8 or 16 bit, in the format that the path's ending says; `orientation` as
/// EXIF counts.
template <class Sample = uint8_t>
void write_picture(const std::filesystem::path& path, int width, int height, Sample gray = 128,
                   int orientation = 1) {
  imaging::vips::start();
  const std::vector<Sample> pixels(static_cast<size_t>(width) * static_cast<size_t>(height), gray);
  VipsImage* image = vips_image_new_from_memory_copy(
      pixels.data(), pixels.size() * sizeof(Sample), width, height, 1,
      sizeof(Sample) == 2 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
  image->Type = sizeof(Sample) == 2 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
  const imaging::vips::Image owned(image);
  if (vips_image_write_to_file(image, path.c_str(), static_cast<void*>(nullptr)) != 0) {
    throw std::runtime_error(imaging::vips::last_error());
  }
}

}  // namespace webui

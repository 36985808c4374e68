#pragma once

#include <gtest/gtest.h>
#include <vips/vips.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "imaging/vips.h"

namespace imaging {

using Picture = vips::Image;

/// Interleaved pixels of 8 or 16 bit as a picture.
template <class T>
Picture picture_of(const std::vector<T>& pixels, int width, int height, int bands) {
  vips::start();
  const VipsBandFormat format = sizeof(T) == 1 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT;
  VipsImage* image = vips_image_new_from_memory_copy(pixels.data(), pixels.size() * sizeof(T),
                                                     width, height, bands, format);
  const bool wide = sizeof(T) == 2;
  image->Type = bands < 3 ? (wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
                          : (wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB);
  return Picture(image);
}

inline void save(const Picture& picture, const std::filesystem::path& path) {
  ASSERT_EQ(vips_image_write_to_file(picture.get(), path.c_str(), static_cast<void*>(nullptr)), 0)
      << vips_error_buffer();
}

}  // namespace imaging

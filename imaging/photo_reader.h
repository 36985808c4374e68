// Photos: pictures on disk to pixels in memory and back, through libvips.
// May include common/ only; photo.h, the picture in memory, is free of libvips for those that age.
// Start with photo_reader.cpp; photo_files.h lists folders.
#pragma once

#include <cstdint>
#include <filesystem>

#include "imaging/photo.h"
#include "imaging/photo_files.h"

namespace imaging {

struct PhotoSize {
  int width = 0;
  int height = 0;
};

/// The size of the photo that `read_photo` would return, from the file's header alone.
/// Throws as `read_photo` does, where the header shows it.
PhotoSize photo_size(const std::filesystem::path& path, int short_side);

/// The photograph as a person sees it: turned by its orientation tag, colours converted from its
/// profile to sRGB, 16 bit rounded to 8, gray as three equal planes, transparency laid on white.
/// With `short_side` > 0 it is shrunk until the shorter side has that many pixels; never enlarged.
/// Thread-safe. Throws Error(corrupt) if the file is truncated, damaged, not JPEG, PNG, TIFF or
/// WebP, or has more than 250 megapixels; Error(io) if it cannot be read.
Photo read_photo(const std::filesystem::path& path, int short_side);

/// Writes planar pixels [channels,H,W], 8 bit, gray (1 channel) or sRGB (3), as a PNG, atomically.
/// Throws Error(io).
void write_png(const std::filesystem::path& path, const uint8_t* planar, int width, int height,
               int channels);

}  // namespace imaging

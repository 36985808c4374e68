#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "imaging/format.h"
#include "imaging/tiff_directory.h"
#include "imaging/vips.h"

namespace imaging {

/// The name of libvips's loader of a picture that was opened, "pngload" for example. Empty: none.
std::string loader_of(VipsImage* picture);

/// By its loader; PNG for those that are not written.
Format format_of(VipsImage* picture);

/// Rows can only be had when all are there: of interlaced PNG the pixels wait, of progressive JPEG
/// two bytes a coefficient, of WebP, HEIC and JPEG XL what their libraries need (measured), of TIFF
/// a strip, which may be the whole picture.
int64_t held_bytes_of(VipsImage* picture, Format format, const std::optional<TiffPicture>& tiff);

}  // namespace imaging

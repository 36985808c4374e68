#pragma once

#include <filesystem>
#include <string>

#include "imaging/tiff_directory.h"
#include "imaging/vips.h"

namespace imaging {

/// Gray, or red, green and blue: its samples are kept as they are.
bool is_gray_or_rgb(VipsImage* picture);

/// CIELab as TIFF has it, which libvips decodes to forms of its own, or ICCLab, which it takes for
/// red, green and blue. `tiff` may be null.
bool is_lab(VipsImage* picture, const TiffPicture* tiff);

/// Any other colours as sRGB of `bits` (8 or 16): CMYK through its profile or, without one,
/// libvips's own; Lab of 8 and 16 bit relative to D50, as LittleCMS and Photoshop have it. `path`
/// is for messages. Throws Error(corrupt).
vips::Image to_srgb(const std::filesystem::path& path, const vips::Image& picture, int bits,
                    const TiffPicture* tiff);

/// "CIELab", "cmyk" ...
std::string colours_text(VipsImage* picture, const TiffPicture* tiff);

}  // namespace imaging

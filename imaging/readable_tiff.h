#pragma once

#include <string>

#include "imaging/tiff_directory.h"

namespace imaging {

/// Why a TIFF's picture is not read, after the name of its file: "is an old-style JPEG TIFF, which
/// ...". libvips cannot read these, or says something else of them. Empty: it is read.
std::string why_unreadable(const TiffPicture& tiff);

}  // namespace imaging

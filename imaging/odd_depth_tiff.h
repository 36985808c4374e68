#pragma once

#include <filesystem>

#include "imaging/tiff_directory.h"
#include "imaging/vips.h"

namespace imaging {

/// Samples of 9 to 15 bit, as some scanners and medical cameras write them: libvips does not know
/// them.
bool has_odd_depth(const TiffPicture& picture);

/// Such a picture, its samples stretched to 16 bit, with colour profile, orientation and
/// resolution. Rows are decoded as they are asked for, fast only from the first to the last. Throws
/// Error(corrupt), also for what is tiled or not gray or RGB.
vips::Image read_odd_depth(const std::filesystem::path& path, const common::FileDescriptor& file,
                           const TiffPicture& picture);

}  // namespace imaging

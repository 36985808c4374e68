#pragma once

#include <filesystem>

#include "imaging/image_writer.h"
#include "imaging/plane.h"

namespace imaging {

/// Writes a gray PNG of 8 bit of values in [0,1], in one step: an earlier file stays whole until
/// then. Throws Error(io), also for a full disk.
void write_gray(const std::filesystem::path& path, const Plane& plane);

/// Writes the rows of a gray picture: values in [0,1], rounded to the depth of `form`. Throws as
/// ImageWriter does.
void write_rows(const Plane& plane, const PixelFormat& form, ImageWriter& writer);

}  // namespace imaging

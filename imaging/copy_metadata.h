#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "imaging/exiftool.h"
#include "imaging/image_file.h"

namespace imaging {

/// Copies what the photograph `from` says beside its pixels (EXIF with GPS and maker notes, XMP,
/// IPTC, Photoshop's resources, comments) into `to`, which ImageWriter has written from it. Colour
/// profile and resolution are there already. The orientation becomes 1, sizes and resolution those
/// of `to`; thumbnails, which show the damage, are left out.
///
/// `to` should be a temporary file: exiftool replaces it by a new file. The caller flushes it to
/// disk and gives it its name. Threads may call it at once, for different `to`.
///
/// Returns what could not be copied, for people: metadata of `from` that are broken, or over which
/// exiftool ends, are no reason to lose the photograph. Throws Error(io) if `to` cannot be written,
/// and what ExifTool::run throws.
std::vector<std::string> copy_metadata(ExifTool& exiftool, const ImageFile& from,
                                       const std::filesystem::path& to);

}  // namespace imaging

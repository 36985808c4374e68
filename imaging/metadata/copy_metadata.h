#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "imaging/image_file.h"
#include "imaging/metadata/exiftool.h"

namespace imaging {

/// Copies what the photograph `from` says beside its pixels (EXIF with GPS and maker notes, XMP,
/// IPTC, Photoshop's resources, comments) into `to`, which ImageWriter has written from it. Colour
/// profile and resolution are there already. The orientation becomes 1, sizes and resolution those
/// of `to`; thumbnails, which show the damage, are left out. `added` are arguments of exiftool that
/// write fields of the result's own, "-XMP-dc:Source=...": a list of the photograph is added to
/// with
/// "+=", what it says of another such field is replaced; but that pixels were invented (the digital
/// source type) stays said.
///
/// `to` should be a temporary file: exiftool replaces it by a new file. The caller flushes it to
/// disk and gives it its name. Threads may call it at once, for different `to`.
///
/// Returns what could not be copied, for people: metadata of `from` that are broken, or over which
/// exiftool ends, are no reason to lose the photograph. Throws Error(io) if `to` cannot be written,
/// and what ExifTool::run throws, also after a stop.
std::vector<std::string> copy_metadata(ExifTool& exiftool, const ImageFile& from,
                                       const std::filesystem::path& to,
                                       const std::vector<std::string>& added = {},
                                       const std::stop_token& stop = {});

}  // namespace imaging

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "imaging/format.h"

namespace imaging {

/// Copies what the file `from` says beside its pixels (EXIF with GPS and maker notes, XMP, IPTC,
/// Photoshop's blocks, comments) into `to`, a picture of format `format` that libvips has written
/// upright. Colour profile and resolution are in it already. The orientation becomes 1, size and
/// resolution that EXIF and XMP name those of `to`; an embedded thumbnail, which shows the damage,
/// is left out.
///
/// The caller takes "exif-data", "xmp-data", "iptc-data", "photoshop-data", "orientation" and all
/// "png-comment-*" off the image before saving; not by saving with "strip", which would take the
/// colour profile, too. What is there nevertheless is replaced (in TIFF what `from` has as well).
/// `to` should be a temporary file: JPEG, PNG and WebP are replaced by a new file beside it, TIFF
/// grows at its end; the caller flushes it to disk and gives it its name.
///
/// Memory does not grow with the pixels. Threads may call it at once, for different `to`. Returns
/// what could not be copied, for people: a field that is broken in `from` is no reason to lose the
/// photograph.
/// Throws Error(io) if `to` cannot be written.
std::vector<std::string> copy_metadata(const std::filesystem::path& from,
                                        const std::filesystem::path& to, Format format);

}  // namespace imaging

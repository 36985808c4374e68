#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "restore/pictures/format.h"

namespace restore {

/// Copies what the file `from` says beside its pixels (EXIF with GPS and maker notes, XMP, IPTC,
/// comments) into `to`, a picture of format `format` that libvips has written upright and without
/// them; colour profile and resolution are in it already. The orientation becomes 1, the size that
/// EXIF names that of `to`; an embedded thumbnail, which shows the damage, is left out.
/// Memory does not grow with the pixels. Returns what could not be copied, for people: a field that
/// is broken in `from` is no reason to lose the photograph.
/// Throws Error(io) if `to` cannot be written.
std::vector<std::string> carry_metadata(const std::filesystem::path& from,
                                        const std::filesystem::path& to, Format format);

}  // namespace restore

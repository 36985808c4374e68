#pragma once

#include <string_view>

#include "imaging/metadata/metadata.h"

namespace imaging {

/// Reads EXIF and what stands in it beside EXIF: XMP, IPTC and Photoshop's blocks have tags in TIFF
/// files. Broken EXIF is a note.
void read_exif_into(Metadata& metadata, const ByteSource& source, ExifOrigin origin, Notes& notes);

/// The same of a block in memory, with or without "Exif" before it.
void read_exif_into(Metadata& metadata, std::string_view block, Notes& notes);

/// The EXIF of `metadata` with IPTC and Photoshop's blocks in it: where formats have no other
/// place.
ExifTree exif_with_packets(const Metadata& metadata);

}  // namespace imaging

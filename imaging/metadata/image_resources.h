#pragma once

#include <string>
#include <string_view>

#include "imaging/metadata/metadata.h"

namespace imaging {

/// Photoshop's image resource blocks: IPTC goes to metadata.iptc, unless that is there, the others
/// to metadata.resources. Thumbnails, which show the damage, the colour profile and copies of EXIF
/// and XMP are left out. What follows a broken block is left out, with a note.
/// Source: Adobe, Photoshop File Formats Specification, "Image Resources Section".
void read_resources_into(Metadata& metadata, std::string_view blocks, Notes& notes);

/// The resource of the resolution then speaks of `picture`.
void correct_resources(std::string& resources, const ImageInfo& picture);

/// All of the blocks, IPTC in its own among them; empty if there are none.
std::string resources_with_iptc(const Metadata& metadata);

}  // namespace imaging

#pragma once

#include <string>
#include <string_view>

#include "imaging/metadata/image_info.h"

namespace imaging {

// XMP is passed through as it is, byte by byte; these few places are found in its text. Packets
// that are not UTF-8 stay as they are. Source: Adobe, XMP Specification, parts 1 and 3.

/// Where the packet speaks of orientation or size, it then speaks of that picture, upright.
void correct_xmp(std::string& packet, const ImageInfo& picture);

/// One packet of the two that a JPEG has. Empty if they cannot be put together.
std::string joined_xmp(const std::string& packet, const std::string& extended);

/// What a JPEG has of a packet that is too large for its first one.
struct SplitXmp {
  std::string packet, extended;
};
SplitXmp split_xmp(const std::string& packet);

/// The name by which a first packet calls the extended one: its MD5, 32 hexadecimal digits.
std::string extended_xmp_name(const std::string& extended);

}  // namespace imaging

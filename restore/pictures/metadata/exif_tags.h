#pragma once

#include <cstdint>

namespace restore::exif_tags {

// Of the picture's directory
inline constexpr uint16_t kWidth = 256, kHeight = 257, kOrientation = 274;
inline constexpr uint16_t kXResolution = 282, kYResolution = 283, kResolutionUnit = 296;
inline constexpr uint16_t kXmp = 700, kIptc = 33723, kPhotoshop = 34377, kColourProfile = 34675;
inline constexpr uint16_t kExif = 34665, kGps = 34853;  // point to directories
// Of the directory of EXIF
inline constexpr uint16_t kMakerNote = 37500, kPixelWidth = 40962, kPixelHeight = 40963;
inline constexpr uint16_t kInterop = 40965;  // points to a directory
// Of the directory of interoperability
inline constexpr uint16_t kRelatedWidth = 4097, kRelatedHeight = 4098;

}  // namespace restore::exif_tags

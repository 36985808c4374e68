#pragma once

#include <cstdint>

namespace imaging::exif_tags {

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

/// How the pixels lie in a file, and where other pictures lie in it: never carried.
bool lays_out_pixels(uint16_t tag);

/// To directories that are read on their own, or that only their makers know.
bool points_to_directory(uint16_t tag);

/// In a TIFF file they describe its samples, elsewhere those of the camera.
bool describes_samples(uint16_t tag);

bool says_resolution(uint16_t tag);

}  // namespace imaging::exif_tags

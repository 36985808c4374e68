#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imaging/metadata/bytes.h"

namespace imaging {

enum JpegMarker : uint8_t {
  kApp0 = 0xE0,
  kApp1 = 0xE1,
  kApp2 = 0xE2,
  kApp8 = 0xE8,
  kApp11 = 0xEB,
  kApp13 = 0xED,
  kApp14 = 0xEE,
  kApp15 = 0xEF,
  kComment = 0xFE,
  kStartOfScan = 0xDA,
  kEndOfImage = 0xD9,
};

/// The most that a segment holds behind its length.
inline constexpr size_t kMostSegmentBytes = 65533;

struct JpegSegment {
  uint8_t marker = 0;
  uint64_t begin = 0;  ///< of the marker
  uint64_t end = 0;
  std::string data;  ///< of APP0 to APP15 and COM, behind the length
};

/// What lies before the first scan. Throws Error(corrupt) if that is no JPEG.
/// Source: ITU-T T.81, annex B.
std::vector<JpegSegment> jpeg_segments(const ByteSource& file);

/// Marker, length and data. `data` has at most kMostSegmentBytes.
std::string jpeg_segment(uint8_t marker, std::string_view data);

}  // namespace imaging

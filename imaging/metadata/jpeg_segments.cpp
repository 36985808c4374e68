#include "imaging/metadata/jpeg_segments.h"

#include "common/error.h"

namespace imaging {

std::vector<JpegSegment> jpeg_segments(const ByteSource& file) {
  if (file.read_at_most(0, 2) != "\xFF\xD8") {
    throw common::Error(common::ErrorKind::corrupt, "it is not a JPEG");
  }
  std::vector<JpegSegment> segments;
  uint64_t num_bytes = 0;
  for (uint64_t at = 2;;) {
    const std::string head = file.read(at, 4);
    if (head[0] != '\xFF') throw common::Error(common::ErrorKind::corrupt, "a segment is broken");
    if (head[1] == '\xFF') {  // markers may be filled up
      ++at;
      continue;
    }
    JpegSegment segment;
    segment.marker = static_cast<uint8_t>(head[1]);
    segment.begin = at;
    if (segment.marker == kStartOfScan || segment.marker == kEndOfImage) return segments;
    const uint64_t size = number_of(std::string_view(head).substr(2), ByteOrder::big);
    if (size < 2) throw common::Error(common::ErrorKind::corrupt, "a segment is broken");
    segment.end = at = at + 2 + size;
    const bool metadata =
        segment.marker == kComment || (segment.marker >= kApp0 && segment.marker <= kApp15);
    if (metadata && (num_bytes += size) <= kMostMetadataBytes) {
      segment.data = file.read(segment.begin + 4, size - 2);
    }
    segments.push_back(std::move(segment));
  }
}

std::string jpeg_segment(uint8_t marker, std::string_view data) {
  return "\xFF" + std::string(1, static_cast<char>(marker)) +
         bytes_of(data.size() + 2, 2, ByteOrder::big) + std::string(data);
}

}  // namespace imaging

#include <algorithm>
#include <map>

#include "common/error.h"
#include "imaging/metadata/exif_packets.h"
#include "imaging/metadata/image_resources.h"
#include "imaging/metadata/jpeg_segments.h"
#include "imaging/metadata/metadata.h"
#include "imaging/metadata/splice.h"
#include "imaging/metadata/utf8.h"
#include "imaging/metadata/xmp_packet.h"

namespace imaging {
namespace {

constexpr std::string_view kExif("Exif\0\0", 6), kXmp("http://ns.adobe.com/xap/1.0/\0", 29),
    kExtendedXmp("http://ns.adobe.com/xmp/extension/\0", 35), kPhotoshop("Photoshop 3.0\0", 14);
constexpr size_t kNameBytes = 32;  ///< of extended XMP

/// A piece of extended XMP: its packet's name and size, its place there.
struct ExtendedPieces {
  std::string packet;
  uint64_t num_bytes = 0;

  void add(std::string_view data, uint64_t size, uint64_t offset) {
    if (size > kMostMetadataBytes || offset + data.size() > size) return;
    packet.resize(size);
    packet.replace(offset, data.size(), data);
    num_bytes += data.size();
  }
  bool whole() const { return num_bytes == packet.size(); }
};

class JpegReader {
 public:
  explicit JpegReader(Notes& notes) : notes_(notes) { metadata_.format = Format::jpeg; }

  void take(const JpegSegment& segment) {
    const std::string_view data = segment.data;
    if (segment.marker == kComment) {
      metadata_.texts.push_back({"Comment", as_utf8(data)});
      keep(segment);
    } else if (segment.marker == kApp1) {
      take_app1(data);
    } else if (segment.marker == kApp13 && data.starts_with(kPhotoshop)) {
      resources_ += data.substr(kPhotoshop.size());
    } else if (is_carried(segment)) {
      keep(segment);
    }
  }

  Metadata finish() {
    read_resources_into(metadata_, resources_, notes_);
    if (extended_.empty()) return metadata_;
    const auto named = std::find_if(extended_.begin(), extended_.end(), [&](const auto& pieces) {
      return metadata_.xmp.find(pieces.first) != std::string::npos;
    });
    if (named != extended_.end() && named->second.whole()) {
      metadata_.extended_xmp = named->second.packet;
    } else {
      notes_.push_back("a part of its XMP is broken and was left out");
    }
    return metadata_;
  }

 private:
  /// Segments of makers and programs. Not those that say how the picture is coded (JFIF, APP8, 14),
  /// have its colour profile or other pictures (APP2), or are signed or made for its old pixels
  /// (APP11).
  static bool is_carried(const JpegSegment& segment) {
    const uint8_t marker = segment.marker;
    if (marker == kApp0) return !segment.data.starts_with("JF");  // JFIF or its thumbnail, JFXX
    return marker > kApp2 && marker <= kApp15 && marker != kApp8 && marker != kApp11 &&
           marker != kApp14;
  }

  void keep(const JpegSegment& segment) {
    if (segment.data.empty()) return;
    metadata_.native.push_back(jpeg_segment(segment.marker, segment.data));
  }

  void take_app1(std::string_view data) {
    if (data.starts_with(kExif) && metadata_.exif.empty()) {
      read_exif_into(metadata_, data, notes_);
    } else if (data.starts_with(kXmp)) {
      metadata_.xmp = data.substr(kXmp.size());
    } else if (data.starts_with(kExtendedXmp)) {
      take_extended(data.substr(kExtendedXmp.size()));
    }
  }

  void take_extended(std::string_view data) {
    if (data.size() < kNameBytes + 8) return;
    const auto number = [&](size_t at) { return number_of(data.substr(at, 4), ByteOrder::big); };
    extended_[std::string(data.substr(0, kNameBytes))].add(
        data.substr(kNameBytes + 8), number(kNameBytes), number(kNameBytes + 4));
  }

  Notes& notes_;
  Metadata metadata_;
  std::string resources_;
  std::map<std::string, ExtendedPieces> extended_;
};

void add_xmp(const Metadata& metadata, Splice& splice, Notes& notes) {
  SplitXmp xmp{metadata.xmp, metadata.extended_xmp};
  const size_t room = kMostSegmentBytes - kXmp.size();
  if (xmp.packet.size() > room) xmp = split_xmp(metadata.xmp);
  if (xmp.packet.empty()) {
    if (!metadata.xmp.empty()) notes.push_back("its XMP has no place in JPEG and was left out");
    return;
  }
  splice.add(jpeg_segment(kApp1, std::string(kXmp) + xmp.packet));
  const std::string head = std::string(kExtendedXmp) + extended_xmp_name(xmp.extended) +
                           bytes_of(xmp.extended.size(), 4, ByteOrder::big);
  const size_t step = kMostSegmentBytes - head.size() - 4;
  for (size_t at = 0; at < xmp.extended.size(); at += step) {
    splice.add(jpeg_segment(
        kApp1, head + bytes_of(at, 4, ByteOrder::big) + xmp.extended.substr(at, step)));
  }
}

void add_resources(const Metadata& metadata, Splice& splice) {
  const std::string blocks = resources_with_iptc(metadata);
  const size_t step = kMostSegmentBytes - kPhotoshop.size();
  for (size_t at = 0; at < blocks.size(); at += step) {
    splice.add(jpeg_segment(kApp13, std::string(kPhotoshop) + blocks.substr(at, step)));
  }
}

void add_texts(const Metadata& metadata, Splice& splice) {
  for (const Text& text : metadata.texts) {
    const std::string line =
        text.keyword == "Comment" ? text.text : text.keyword + ": " + text.text;
    splice.add(jpeg_segment(kComment, line.substr(0, kMostSegmentBytes)));
  }
}

}  // namespace

Metadata read_jpeg_metadata(const ByteSource& file, Notes& notes) {
  JpegReader reader(notes);
  for (const JpegSegment& segment : jpeg_segments(file)) reader.take(segment);
  return reader.finish();
}

void write_jpeg_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes) {
  const ByteSource file(to);
  const std::vector<JpegSegment> own = jpeg_segments(file);
  Splice splice(to);
  uint64_t after_jfif = 2;
  for (const JpegSegment& segment : own) {
    if (segment.marker == kApp0) after_jfif = segment.end;
  }
  splice.keep(0, after_jfif);
  if (!metadata.exif.empty()) {
    const size_t room = kMostSegmentBytes - kExif.size();
    splice.add(jpeg_segment(kApp1, std::string(kExif) + exif_block(metadata.exif, room, notes)));
  }
  add_xmp(metadata, splice, notes);
  add_resources(metadata, splice);
  if (metadata.format == Format::jpeg) {
    for (const std::string& segment : metadata.native) splice.add(segment);
  } else {
    add_texts(metadata, splice);
  }
  uint64_t rest = after_jfif;
  for (const JpegSegment& segment : own) {
    // libvips writes EXIF that says the resolution: it stays where there is none to replace it.
    const bool only_exif = metadata.exif.empty() && segment.data.starts_with(kExif);
    const bool replaced =
        segment.marker == kApp1 || segment.marker == kApp13 || segment.marker == kComment;
    if (segment.begin < rest || !replaced || only_exif) continue;
    splice.keep(rest, segment.begin);
    rest = segment.end;
  }
  splice.keep(rest, file.size());
  splice.replace();
}

}  // namespace imaging

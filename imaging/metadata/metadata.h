#pragma once

#include <string>
#include <vector>

#include "imaging/format.h"
#include "imaging/metadata/exif_tree.h"
#include "imaging/metadata/image_info.h"

namespace imaging {

/// A remark beside the picture: a comment of JPEG, a text of PNG.
struct Text {
  std::string keyword;  ///< "Comment", "Author" ...
  std::string text;     ///< UTF-8
};

/// What a picture file says beside its pixels, colours and resolution.
struct Metadata {
  Format format = Format::jpeg;  ///< of the file that it was read from
  ExifTree exif;
  std::string xmp;           ///< the packet as it is
  std::string extended_xmp;  ///< what had no place in a JPEG's first packet
  std::string iptc;          ///< records of IIM
  std::string resources;     ///< Photoshop's blocks, without IPTC, thumbnails and colour profile
  std::vector<Text> texts;
  /// The chunks of PNG and the segments of JPEG that other formats do not have, and those of
  /// `texts`, byte by byte: what a result of the same format gets instead of `texts`.
  std::vector<std::string> native;

  bool empty() const {
    return exif.empty() && xmp.empty() && iptc.empty() && resources.empty() && texts.empty() &&
           native.empty();
  }
};

using Notes = std::vector<std::string>;

/// Each reads one format. What is broken is left out, with a note; they throw common::Error if the
/// file is not of that format at all.
Metadata read_jpeg_metadata(const ByteSource& file, Notes& notes);
Metadata read_png_metadata(const ByteSource& file, Notes& notes);
Metadata read_tiff_metadata(const ByteSource& file, Notes& notes);
Metadata read_webp_metadata(const ByteSource& file, Notes& notes);

/// Each puts `metadata` into the picture `to`, instead of what it had of them. What has no place
/// in the format is noted. They throw common::Error if `to` cannot be written.
void write_jpeg_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes);
void write_png_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes);
void write_tiff_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes);
void write_webp_metadata(const std::filesystem::path& to, const Metadata& metadata, Notes& notes,
                         const ImageInfo& picture);

}  // namespace imaging

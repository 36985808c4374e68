#pragma once

#include <map>
#include <string>
#include <vector>

#include "imaging/metadata/tiff_structure.h"

namespace imaging {

/// Tags in the order of their numbers, as files have them.
using Directory = std::map<uint16_t, Field>;

/// The directories of EXIF that are carried: those of the first picture, without the thumbnail's.
/// Tags that point to other directories are not among the fields.
/// Source: CIPA DC-008-2012, Exif 2.3.
struct ExifTree {
  ByteOrder order = ByteOrder::little;  ///< of all values
  Directory image, exif, gps, interop;

  bool empty() const { return image.empty() && exif.empty() && gps.empty() && interop.empty(); }
};

/// Where a source's values are taken from: the block that JPEG, PNG and WebP have, or the
/// directory of a TIFF file, among whose fields are those that say how its pixels lie.
enum class ExifOrigin { block, tiff_file };

/// What of a TIFF structure is worth carrying. Each field that is broken is left out, with a note;
/// throws Error(corrupt) if there is no structure at all.
ExifTree read_exif(const ByteSource& source, ExifOrigin origin, std::vector<std::string>& notes);

/// The tree as a block of EXIF. Maker notes, whose own offsets count from the block's beginning,
/// stay where they were, if they can. Fields are left out, the largest first, and noted, until the
/// block has at most `most_bytes`.
std::string exif_block(ExifTree tree, size_t most_bytes, std::vector<std::string>& notes);

/// Appends all of the tree except for the directory of the picture itself, whose entries it
/// returns. The tree has the byte order of `layout`.
std::map<uint16_t, std::string> lay_out(const ExifTree& tree, TiffLayout& layout);

/// The tree with its values in the other byte order.
ExifTree in_order(ExifTree tree, ByteOrder order);

}  // namespace imaging

#pragma once

#include <string>

#include "imaging/format.h"
#include "imaging/image_file.h"
#include "imaging/metadata/fields.h"

namespace imaging {

/// The resolution of a photograph, and the arguments of exiftool that write it into the result.
struct MetadataResolution {
  Format from = Format::png, to = Format::png;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;  ///< of the result
  bool is_known = false;                            ///< not the proportion of a pixel's sides alone
  bool is_in_exif = false;                          ///< whatever its unit

  /// In pixels an inch, for a group of fields with XResolution and YResolution.
  Arguments in_group(const std::string& group) const;
  Arguments in_exif() const;

  /// libvips and exiftool write 25.4 or 72 dpi where the photograph says nothing, and libvips where
  /// a WebP says it in EXIF.
  Arguments corrected() const;

  /// In the groups of which the photograph has `fields`: that of the sides may have changed places.
  Arguments turned(const Fields& fields) const;
};

/// Of the photograph `from`, which says `listing` beside its pixels, for its result `to`.
MetadataResolution find_resolution(const ImageFile& from, const ImageFile& to,
                                   const Listing& listing);

}  // namespace imaging

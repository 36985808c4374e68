#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "imaging/metadata/exiftool.h"

namespace imaging {

using Arguments = std::vector<std::string>;         // of exiftool
using Fields = std::map<std::string, std::string>;  // GROUP:NAME -> value

/// How a file is coded, other pictures in it, and what the result says itself.
inline constexpr char kNotCopied[] =
    "ICC_Profile:all JFXX:all APP14:all Composite:all System:all RIFF:all "
    "MPF:all IFD1:all IFD2:all SubIFD:all SubIFD1:all SubIFD2:all ThumbnailImage PreviewImage "
    "ThumbnailTIFF PreviewTIFF XMP-xmp:ThumbnailImage XMP-xmp:ThumbnailFormat "
    "XMP-xmp:ThumbnailWidth XMP-xmp:ThumbnailHeight Photoshop:PhotoshopThumbnail "
    "ExifTool:ExifToolVersion";
inline constexpr char kResolution[] = "IFD0:XResolution IFD0:YResolution IFD0:ResolutionUnit";
inline constexpr char kResolutionOfFile[] = "JFIF:all PNG-pHYs:all";

/// Fields that exiftool copies only if they are named.
inline constexpr char kNamed[] =
    "Photoshop:IPTCDigest InteropIFD:InteropIndex InteropIFD:InteropVersion "
    "InteropIFD:RelatedImageWidth InteropIFD:RelatedImageHeight ExifIFD:ComponentsConfiguration "
    "ExifIFD:CompressedBitsPerPixel XMP-x:XMPToolkit PNG:Gamma PNG:SRGBRendering";

Arguments operator+(Arguments left, const Arguments& right);

/// Each of `words` with `prefix` ("-": copied, "--": left out) before it.
Arguments each(const char* prefix, const char* words);

/// What a file says beside its pixels.
struct Listing {
  Fields fields;
  Fields resolution;    ///< of EXIF and of the file
  std::string warning;  ///< the first; empty: none

  /// Numbers that can be a resolution, whatever their unit.
  bool has_exif_resolution() const;

  /// Some files give the proportion of a pixel's sides alone: of unit "None" or "Unknown".
  bool has_resolution() const;
};

/// Throws what ExifTool::run throws.
Listing list_fields(ExifTool& exiftool, const std::string& file, const std::stop_token& stop);

}  // namespace imaging

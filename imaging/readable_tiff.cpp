#include "imaging/readable_tiff.h"

#include <algorithm>

#include "imaging/odd_depth_tiff.h"

namespace imaging {
namespace {

// TIFF 6.0 and its supplements.
constexpr int kOldJpeg = 6, kJpeg = 7;                            // compression
constexpr int kPalette = 3, kInks = 5, kYcbcr = 6, kItuLab = 10;  // photometric
constexpr int kMultipliedAlpha = 1;                               // of ExtraSamples

/// "signed" ...; empty: unsigned, or nothing is said.
std::string type_of_samples(const TiffPicture& tiff) {
  switch (tiff.sample_format) {
    case 2: return "signed";
    case 3: return "float";
    case 5:
    case 6: return "complex";
    default: return "";
  }
}

/// What the picture is, if that is none that is read.
std::string odd_kind(const TiffPicture& tiff) {
  const std::string bits = std::to_string(tiff.bits);
  if (tiff.compression == kOldJpeg) return "an old-style JPEG TIFF";
  if (tiff.is_planar && tiff.is_tiled && tiff.samples > 1) {
    return "a tiled TIFF with each colour apart (planar)";
  }
  if (tiff.photometric == kItuLab) return "a TIFF in ITU L*a*b*";
  if (tiff.photometric == kYcbcr && tiff.compression != kJpeg) {
    return "a TIFF in YCbCr without JPEG";
  }
  if (tiff.photometric == kInks && tiff.has_other_inks) return "a TIFF of other inks than CMYK";
  if (tiff.bits > 0 && tiff.bits < 8 && tiff.samples > 1) {
    return "a TIFF of several channels with " + bits + " bit";
  }
  const auto& extra = tiff.extra_samples;
  if (has_odd_depth(tiff) && std::count(extra.begin(), extra.end(), kMultipliedAlpha) > 0) {
    return "a TIFF of " + bits + " bit whose colours are multiplied by alpha";
  }
  if (tiff.bits == -1) return "a TIFF whose colours differ in depth";
  if (tiff.photometric == kPalette && tiff.bits == 16) return "a TIFF with a palette of 16 bit";
  return "";
}

}  // namespace

std::string why_unreadable(const TiffPicture& tiff) {
  if (const std::string type = type_of_samples(tiff); !type.empty()) {
    return "has samples of type " + type + "; 8 and 16 bit are read: convert it";
  }
  const std::string kind = odd_kind(tiff);
  if (kind.empty()) return "";
  return "is " + kind +
         ", which is not read: open it in the program that wrote it and save it as TIFF without "
         "compression";
}

}  // namespace imaging

#include "imaging/metadata/resolution.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace imaging {
namespace {

/// libvips does not read it from EXIF of WebP, and without a unit takes it for inches.
void take_from_exif(const Listing& listing, MetadataResolution& resolution) {
  const auto value = [&](const char* field) {
    const auto found = listing.resolution.find(field);
    return found == listing.resolution.end() ? 0 : std::strtod(found->second.c_str(), nullptr);
  };
  const auto unit = listing.resolution.find("IFD0:ResolutionUnit");
  const double unit_mm = unit != listing.resolution.end() && unit->second == "cm" ? 10 : 25.4;
  // Of unit "None" the number is kept as if it were of inches, and written without a unit.
  resolution.pixels_per_mm_x = value("IFD0:XResolution") / unit_mm;
  resolution.pixels_per_mm_y = value("IFD0:YResolution") / unit_mm;
  const auto orientation = listing.fields.find("IFD0:Orientation");
  if (orientation == listing.fields.end()) return;
  const std::string& turn = orientation->second;  // such as "Rotate 90 CW"
  if (turn.find("90 ") != std::string::npos || turn.find("270 ") != std::string::npos) {
    std::swap(resolution.pixels_per_mm_x, resolution.pixels_per_mm_y);
  }
}

std::string per_inch(double pixels_per_mm) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", pixels_per_mm * 25.4);
  return text;
}

std::string per_metre(double pixels_per_mm) {
  return std::to_string(std::lround(1000 * pixels_per_mm));
}

}  // namespace

MetadataResolution find_resolution(const ImageFile& from, const ImageFile& to,
                                   const Listing& listing) {
  // libvips writes it into EXIF of WebP but does not read it there.
  const auto picture = (to.format() == Format::webp ? from : to).open_pixels();
  MetadataResolution resolution{.from = from.format(),
                                .to = to.format(),
                                .pixels_per_mm_x = vips_image_get_xres(picture.get()),
                                .pixels_per_mm_y = vips_image_get_yres(picture.get()),
                                .is_known = listing.has_resolution(),
                                .is_in_exif = listing.has_exif_resolution()};
  if (resolution.is_in_exif && (from.format() == Format::webp || !resolution.is_known)) {
    take_from_exif(listing, resolution);
  }
  return resolution;
}

Arguments MetadataResolution::in_group(const std::string& group) const {
  return {"-" + group + ":XResolution=" + per_inch(pixels_per_mm_x),
          "-" + group + ":YResolution=" + per_inch(pixels_per_mm_y)};
}

Arguments MetadataResolution::in_exif() const {
  return in_group("IFD0") + Arguments{"-IFD0:ResolutionUnit#=2"};
}

Arguments MetadataResolution::corrected() const {
  Arguments arguments;
  if (!is_known) {
    arguments = {"-IFD0:XResolution=", "-IFD0:YResolution=", "-IFD0:ResolutionUnit="};
    if (is_in_exif) arguments = in_group("IFD0") + Arguments{"-IFD0:ResolutionUnit#=1"};
    if (to == Format::png) arguments.push_back("-PNG-pHYs:all=");
    if (to != Format::jpeg) return arguments;
    return arguments +
           Arguments{"-JFIF:XResolution#=1", "-JFIF:YResolution#=1", "-JFIF:ResolutionUnit#=0"};
  }
  if (!is_in_exif || from != Format::webp) return {};
  if (to == Format::jpeg) {
    arguments = in_group("JFIF") + Arguments{"-JFIF:ResolutionUnit#=1"};
  } else if (to == Format::png) {
    arguments = {"-PNG-pHYs:PixelsPerUnitX=" + per_metre(pixels_per_mm_x),
                 "-PNG-pHYs:PixelsPerUnitY=" + per_metre(pixels_per_mm_y),
                 "-PNG-pHYs:PixelUnits#=1"};
  }
  return arguments + in_exif();
}

Arguments MetadataResolution::turned(const Fields& fields) const {
  if (pixels_per_mm_x == pixels_per_mm_y) return {};
  Arguments arguments;
  for (const std::string group : {"Photoshop", "XMP-tiff"}) {
    if (!fields.contains(group + ":XResolution")) continue;
    arguments = arguments + in_group(group);
    if (group == "XMP-tiff") arguments.push_back("-XMP-tiff:ResolutionUnit#=2");
  }
  return arguments;
}

}  // namespace imaging

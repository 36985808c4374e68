#pragma once

#include <filesystem>

#include "imaging/metadata/exif_tree.h"

namespace imaging {

/// What metadata may say of a picture and must not say wrongly.
struct ImageInfo {
  uint32_t width = 0, height = 0;
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;

  /// libvips says one pixel a millimetre of a file that says nothing.
  bool has_resolution() const { return pixels_per_mm_x != 1 || pixels_per_mm_y != 1; }
};

/// From the file's header. Throws Error(io) if that cannot be read.
ImageInfo facts_of(const std::filesystem::path& picture);

/// Takes the resolution from EXIF: of a WebP, where libvips writes it there and does not read it.
void take_resolution(const ExifTree& tree, ImageInfo& picture);

/// Where `tree` speaks of orientation, size or resolution, it then speaks of that picture, upright;
/// of its resolution in any case.
void correct_exif(ExifTree& tree, const ImageInfo& picture);

/// The same for Photoshop's resource of the resolution (0x03ED).
std::string resolution_resource(const ImageInfo& picture, std::string resource);

}  // namespace imaging

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/files.h"

namespace imaging {

/// One picture of a TIFF file, as its directory describes it. Numbers are as the file has them:
/// nothing is checked.
struct TiffPicture {
  int page = 0;     ///< in the chain of directories
  int subifd = -1;  ///< of that page; -1: the page itself
  int64_t width = 0, height = 0;
  int bits = 1;           ///< of a sample; -1: not of all the same
  int samples = 1;        ///< of a pixel
  int sample_format = 1;  ///< 1 unsigned, 2 signed, 3 float
  int compression = 1, photometric = -1;
  int64_t rows_per_strip = 0;
  bool is_reduced = false;  ///< a small copy of another picture
  bool is_mask = false, is_planar = false, is_tiled = false;
  bool has_dng_version = false;
  bool has_other_inks = false;             ///< than cyan, magenta, yellow and black
  std::vector<int> extra_samples = {};     ///< 1 and 2: alpha; others say nothing
  std::vector<int64_t> extra_places = {};  ///< of the low byte of each in the file
  std::string make = {};                   ///< of the camera or scanner

  int64_t pixels() const { return width * height; }
};

/// The pictures of a TIFF or BigTIFF file in their order, each page before its sub-pictures; at
/// most 1024 pages. Empty if it is no TIFF; as far as they can be read if it is damaged.
/// Source: TIFF 6.0, Adobe 1992; BigTIFF, libtiff.
std::vector<TiffPicture> read_tiff_pictures(const common::FileDescriptor& file);

/// Says in a TIFF file of ours that none of the channels after the colours is known, but for the
/// first, if it is alpha. Throws Error(io).
void mark_extra_samples(const std::filesystem::path& path, bool has_alpha);

/// Up to `count` bytes at `offset`; fewer if the file ends before, or cannot be read.
std::string read_bytes(const common::FileDescriptor& file, int64_t offset, size_t count);

}  // namespace imaging

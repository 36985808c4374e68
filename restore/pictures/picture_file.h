#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "restore/pictures/format.h"
#include "restore/pictures/plane.h"

namespace restore {

/// A picture file as restoring wants it.
struct Scan {
  Plane luma;    ///< BT.601 luma of its sRGB values, in [0,1]; upright
  int bits = 8;  ///< 8 or 16 a sample, as in the file
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;  ///< along the upright picture's axes
  std::vector<std::string> notes;  ///< what of the file is not in `luma`, for people
};

/// Reads JPEG, PNG, TIFF or WebP: 8 or 16 bit, gray, colour or CMYK, its orientation and colour
/// profile applied.
/// Throws Error(io) if there is no such file; Error(corrupt) if it is none of these (by its bytes,
/// whatever its name), is truncated, or has more than kMostPixels pixels.
Scan read_scan(const std::filesystem::path& path);

/// Looked at in the file's header, before anything is unfolded: a small file can unfold to much.
inline constexpr int64_t kMostPixels = 500'000'000;

struct WriteOptions {
  Format format = Format::png;
  int bits = 8;  ///< 8 or 16; JPEG has 8 only
  double pixels_per_mm_x = 1, pixels_per_mm_y = 1;
};

/// Writes a gray picture of values in [0,1], in one step: an earlier file stays whole until then.
/// Throws Error(io), also for a full disk.
void write_gray(const std::filesystem::path& path, const Plane& plane, const WriteOptions& options);

}  // namespace restore

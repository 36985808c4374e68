#pragma once

#include <vector>

#include "imaging/image_file.h"

namespace imaging {

/// One row of a picture as floats from 0 to 1, channel by channel.
struct RowBuffer {
  std::vector<float> red, green, blue;  ///< of a gray picture `red` alone
  std::vector<float> alpha;             ///< empty: opaque
  std::vector<float> extras = {};       ///< PixelFormat::extras of each pixel, one after the other

  bool is_gray() const { return green.empty(); }
};

void unpack_row(const void* samples, const PixelFormat& form, RowBuffer& row);

/// Rounded, and clipped to what the form holds. A gray row may be packed into a form of three
/// colours.
void pack_row(const RowBuffer& row, const PixelFormat& form, void* samples);

/// Luma of the row's values as they are (BT.601), laid on white where it is transparent.
void luma_of_row(const RowBuffer& row, float* luma);

/// Cb and Cr of the row's values (BT.601 at full range, about 0, as model/chroma.h); not of a gray
/// row.
void chroma_of_row(const RowBuffer& row, float* blue, float* red);

/// The colour of one luma, Cb and Cr.
struct Rgb {
  float red = 0, green = 0, blue = 0;
};
Rgb rgb_of(float luma, float chroma_blue, float chroma_red);

}  // namespace imaging

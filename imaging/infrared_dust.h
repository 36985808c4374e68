#pragma once

#include <cstdint>
#include <vector>

#include "imaging/image_file.h"

namespace imaging {

/// Dust and scratches as the infrared channel of a film scanner shows them: infrared passes the
/// dyes of film and is stopped by dirt.
struct InfraredDust {
  int64_t width = 0, height = 0;
  std::vector<uint8_t> marks;  ///< row by row; 1: dirt, or a pixel beside it
  double share = 0;            ///< of the pixels that are marked

  const uint8_t* row(int64_t y) const { return marks.data() + y * width; }
};

/// The share above which infrared shows the picture and not dirt: the silver of black-and-white
/// film stops it, as Kodachrome does in part.
inline constexpr double kMostInfraredDust = 0.25;

/// Pixels much darker than their surroundings, as the noise of the channel allows. Holds a byte a
/// pixel. Throws Error(usage) if the file has no infrared, Error(corrupt) if it cannot be read.
InfraredDust find_infrared_dust(const ImageFile& file);

}  // namespace imaging

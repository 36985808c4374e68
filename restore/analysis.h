#pragma once

#include <functional>

#include "imaging/plane.h"
#include "imaging/image_file.h"
#include "imaging/tone_colours.h"
#include "imaging/tone_curve.h"
#include "restore/restored_photo.h"

namespace restore {

/// A photograph seen as a whole, before anything is done to it.
struct Analysis {
  int64_t scale = 1;  ///< a small pixel is the mean of scale x scale pixels; fewer at the border
  imaging::Plane luma;         ///< small: sRGB's, 0 to 1
  imaging::Plane blue, red;    ///< small: Cb and Cr of the file's values, about 0; 0 for gray
  imaging::ToneColours tone;   ///< of the file's Cb and Cr by sRGB's luma
  Findings found;     ///< all but the damage
};

/// Reads the whole photograph once; the small picture has at most `small_pixels`. `progress`, if
/// there is one, is told the share that is read; what it throws ends the work. Throws
/// Error(corrupt) if it cannot be read to its end.
Analysis survey(const imaging::ImageFile& scan, const imaging::ToneCurve& curve, int64_t small_pixels,
                  const std::function<void(double share)>& progress = {});

}  // namespace restore

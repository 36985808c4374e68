#pragma once

#include <functional>
#include <stop_token>

#include "imaging/plane.h"
#include "imaging/tone_colours.h"
#include "restore/restored_photo.h"
#include "restore/source.h"

namespace restore {

/// A picture as a whole, before any network sees it.
struct Analysis {
  int64_t scale = 1;          ///< a small pixel is the mean of scale x scale pixels
  imaging::Plane luma;        ///< small: sRGB's, 0 to 1
  imaging::Plane blue, red;   ///< small: Cb and Cr of the file's values, about 0; 0 for gray
  imaging::Plane known;       ///< small: the damage that is known; empty: none
  imaging::ToneColours tone;  ///< of the file's Cb and Cr by sRGB's luma
  Findings found;             ///< all but the damage
};

/// Reads the whole picture once, and measures all but its border; its small version has at most
/// `small_pixels`. After a stop the result is of no use. Throws Error(corrupt) if the picture
/// cannot be read to its end.
Analysis analyse(Source& source, int64_t small_pixels,
                 const std::function<void(double share)>& progress = {},
                 const std::stop_token& stop = {});

/// The same without a small version: luma and known damage of every pixel.
struct WholePicture {
  imaging::Plane luma, known;
};
WholePicture read_whole(Source& source);

}  // namespace restore

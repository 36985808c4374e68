#pragma once

#include "common/config.h"
#include "common/random.h"
#include "dataset/ageing/canvas.h"

namespace dataset::ageing {

/// The scanner and its file: blur, sensor noise, a smaller size, JPEG.
struct Scan {
  double probability = 0;
  common::Range blur{0, 0.7};
  common::Range noise{0, 4};
  common::Range resize{0.5, 1};
  double resized = 0.4;
  common::Range jpeg_quality{40, 95};

  template <class F>
  void fields(F&& field) {
    field("probability", probability, "share of pictures");
    field("blur", blur, "sigma, pixels at 512 on the short side");
    field("noise", noise, "standard deviation in gray levels of 255");
    field("resize", resize, "scale to which it was reduced before it was enlarged again");
    field("resized", resized, "share of scans that were reduced");
    field("jpeg_quality", jpeg_quality, "1 to 100; high ones more often");
  }
  void validate() const;
};

void apply(const Scan& scan, Canvas& canvas, common::KeyedRandom& random);

/// The picture at another size: a triangle filter, which is linear interpolation when it grows and
/// two pixels of the result wide when it shrinks.
Channel resize(const Channel& plane, int width, int height);

}  // namespace dataset::ageing

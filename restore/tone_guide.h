#pragma once

#include "restore/plane.h"

namespace restore {

/// Tiles of one picture agree on brightness and contrast. A network may correct tone by what it
/// sees of a picture as a whole (fading changes every pixel alike), and a tile is not the whole;
/// so the picture is restored once more, small, and every restored tile is brought to the tone that
/// its area has there.
class ToneGuide {
 public:
  /// `small`: the restored small picture; `factor`: pixels of the picture's side for one of its.
  ToneGuide(Plane small, int64_t factor) : small_(std::move(small)), factor_(factor) {}

  /// How much smaller a picture must be so that it has no more than `most_pixels`.
  static int64_t shrinking_factor(const Plane& picture, int64_t most_pixels);

  /// Gives the tile at `rows` x `columns` of the picture the mean and the standard deviation of its
  /// area in the small picture, both taken over cells of `factor` x `factor` pixels.
  /// Source: Reinhard et al., 2001, "Color transfer between images".
  void match(Span rows, Span columns, Plane& tile) const;

 private:
  Plane small_;
  int64_t factor_;
};

}  // namespace restore

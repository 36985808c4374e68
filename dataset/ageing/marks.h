#pragma once

#include <array>

#include "common/random.h"
#include "imaging/plane.h"

namespace dataset::ageing {

/// Red, green and blue, 0 to 1.
using Tone = std::array<float, 3>;

/// Lays a tone over a pixel, with this opacity.
void lay_tone(imaging::Photo& photo, int x, int y, const Tone& tone, double opacity);

/// A line of handwriting or of print that says nothing; lengths in pixels.
struct Writing {
  double x = 0, y = 0;  ///< where its base line begins
  double size = 10;     ///< height of its tall letters
  double length = 100;
  double angle = 0;
  Tone ink{};
  bool is_printed = false;
};
void write_line(const Writing& writing, common::KeyedRandom& random, imaging::Photo& photo);

Tone draw_dark_ink(common::KeyedRandom& random);

/// Some lines of writing on the photograph itself: a retoucher's title, a date; or a page of text
/// or of music, on paper or over the scene.
void write_on_photo(common::KeyedRandom& random, imaging::Photo& photo);

/// Thin things that are part of the scene: wires across the sky, masts, twigs.
void draw_wires(common::KeyedRandom& random, imaging::Photo& photo);

/// A night over the upper part or all of the scene, with stars or lamps in it.
void draw_stars(common::KeyedRandom& random, imaging::Photo& photo);

}  // namespace dataset::ageing

#include "dataset/ageing/holes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {
namespace {

Fill draw_fill(double unit, common::KeyedRandom& random) {
  Fill fill;
  switch (random.integer(4)) {
    case 0: fill.tone = random.uniform(0, 0.2); break;
    case 1: fill.tone = random.uniform(0.2, 0.75); break;
    default: fill.tone = random.uniform(0.75, 1); break;  // bare paper
  }
  switch (random.integer(3)) {
    case 0: break;  // flat
    case 1:         // noisy
      fill.variation = random.uniform(0.05, 0.2);
      fill.feature = std::max(1.0, 1.5 * unit);
      break;
    default:  // stained
      fill.variation = random.uniform(0.1, 0.35);
      fill.feature = random.uniform(12, 40) * unit;
      break;
  }
  fill.noise = Noise(random.word());
  return fill;
}

/// One flat tone, with hard rims as often as not.
void make_even(Fill& fill, common::KeyedRandom& random) {
  fill.variation = 0;
  fill.has_hard_rims = random.chance(0.5);
}

void add_blotch(const Holes& holes, Canvas& canvas, common::KeyedRandom& random) {
  const bool is_even = holes.even > 0 && random.chance(holes.even);
  Blob blob;
  blob.x = random.uniform(0, canvas.gray.width);
  blob.y = random.uniform(0, canvas.gray.height);
  blob.radius = 0.5 * draw_skewed(holes.blotch_size, is_even ? 1 : 1.5, random) * canvas.unit;
  blob.elongation = random.uniform(1, is_even ? 1.5 : 2.5);
  blob.angle = draw_angle(random);
  blob.roughness = is_even ? random.uniform(0, 0.25) : random.uniform(0.2, 0.8);
  blob.noise = Noise(random.word());
  Fill fill = draw_fill(canvas.unit, random);
  if (is_even) make_even(fill, random);
  lay(canvas, draw_blob(canvas.gray, blob), 1, fill);
}

/// At an edge (the tear's direction is near an axis) or at a corner (it is between two axes).
void add_tear(const Holes& holes, Canvas& canvas, common::KeyedRandom& random) {
  const bool is_corner = random.chance(0.6);
  const double quarter = std::numbers::pi / 2;
  Tear tear;
  tear.angle = static_cast<double>(random.integer(4)) * quarter +
               (is_corner ? random.uniform(0.3, 0.7) * quarter : random.uniform(-0.08, 0.08));
  tear.depth = draw_skewed(holes.torn_depth, 2, random) * canvas.short_side();
  tear.raggedness = random.uniform(0.15, 0.5) * tear.depth;
  tear.feature = random.uniform(15, 60) * canvas.unit;
  tear.noise = Noise(random.word());
  Fill paper;  // the layer with the picture tears farther than the paper below it
  paper.tone = random.uniform(0.8, 1);
  paper.variation = 0.1;
  paper.feature = 2 * canvas.unit;
  paper.noise = Noise(random.word());
  const double margin = random.uniform(1, 4) * canvas.unit;
  lay(canvas, draw_tear(canvas.gray, tear, margin), 1, paper);
  lay(canvas, draw_tear(canvas.gray, tear, 0), 1, draw_fill(canvas.unit, random));
}

/// The rim of the print, worn down to the paper: ragged edges and round corners.
void wear_rim(const Holes& holes, Canvas& canvas, common::KeyedRandom& random) {
  const double depth = draw_skewed(holes.worn_depth, 2, random) * canvas.short_side();
  Fill paper;
  paper.tone = random.uniform(0.75, 1);
  paper.variation = 0.1;
  paper.feature = 2 * canvas.unit;
  paper.noise = Noise(random.word());
  for (int eighth = 0; eighth < 8; ++eighth) {  // edges and corners by turns
    const bool is_corner = eighth % 2 == 1;
    Tear wear;
    wear.angle = eighth * std::numbers::pi / 4;
    wear.depth = depth * (is_corner ? random.uniform(2, 5) : random.uniform(-0.2, 0.6));
    wear.raggedness = depth * random.uniform(0.6, 1.5);
    wear.feature = random.uniform(8, 60) * canvas.unit;
    wear.noise = Noise(random.word());
    lay(canvas, draw_tear(canvas.gray, wear, 0), 1, paper);
  }
}

void add_stroke(const Holes& holes, Canvas& canvas, common::KeyedRandom& random) {
  const bool is_even = holes.even > 0 && random.chance(holes.even);
  const double width = draw_skewed(holes.stroke_width, is_even ? 1 : 2, random) * canvas.unit;
  Path path;
  path.x = random.uniform(0, canvas.gray.width);
  path.y = random.uniform(0, canvas.gray.height);
  path.angle = draw_angle(random);
  path.length = draw(holes.stroke_length, random) * canvas.short_side();
  path.step = std::max(1.5, 0.4 * width);
  path.drift = 0.12;
  std::vector<StrokePoint> points = wander(path, random);
  const Noise noise(random.word());
  for (size_t i = 0; i < points.size(); ++i) {
    const double rough = is_even ? 0 : 0.5 * noise.rough_at(static_cast<double>(i) * 0.5, 0);
    points[i].radius = 0.5 * width * (1 + rough);
  }
  Fill fill = draw_fill(canvas.unit, random);
  if (is_even) make_even(fill, random);
  lay_stroke(canvas, points, 1, fill);
}

}  // namespace

void Holes::validate() const {
  check_probability("holes.probability", probability);
  check_range("holes.count", count, 0, 100);
  check_range("holes.blotch_size", blotch_size, 1, 512);
  check_range("holes.torn_depth", torn_depth, 0, 0.5);
  check_range("holes.stroke_width", stroke_width, 0.5, 200);
  check_range("holes.stroke_length", stroke_length, 0.01, 5);
  check_range("holes.worn_depth", worn_depth, 0, 0.2);
  check_probability("holes.worn", worn);
  check_probability("holes.torn", torn);
  check_probability("holes.stroked", stroked);
  check_probability("holes.even", even);
  check_probability("holes.torn + holes.stroked", torn + stroked);
}

void apply(const Holes& holes, Canvas& canvas, common::KeyedRandom& random) {
  if (random.chance(holes.worn)) wear_rim(holes, canvas, random);
  const int64_t count = std::llround(draw_skewed(holes.count, 2, random));
  for (int64_t i = 0; i < count; ++i) {
    const double kind = random.uniform();
    if (kind < holes.torn) {
      add_tear(holes, canvas, random);
    } else if (kind < holes.torn + holes.stroked) {
      add_stroke(holes, canvas, random);
    } else {
      add_blotch(holes, canvas, random);
    }
  }
}

}  // namespace dataset::ageing

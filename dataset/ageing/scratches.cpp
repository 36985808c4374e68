#include "dataset/ageing/scratches.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {
namespace {

/// A line through a point anywhere in the picture: half of its length on either side.
Path draw_path(const Scratches& scratches, const Canvas& canvas, double angle,
               common::KeyedRandom& random) {
  Path path;
  path.angle = angle;
  path.length = draw_skewed(scratches.length, 3, random) * canvas.short_side();
  path.x = random.uniform(0, canvas.gray.width) - 0.5 * path.length * std::cos(angle);
  path.y = random.uniform(0, canvas.gray.height) - 0.5 * path.length * std::sin(angle);
  path.step = std::max(2.0, 5 * canvas.unit);
  const double bend = draw(scratches.bend, random) * (random.chance(0.5) ? 1 : -1);
  path.curvature = bend / path.length;
  path.angle -= 0.5 * bend;
  path.drift = 0.01;
  return path;
}

/// Pressure changes along the line: its width changes a little, and the line breaks where it was
/// light.
void press(std::vector<StrokePoint>& points, double radius, const Noise& noise) {
  for (size_t i = 0; i < points.size(); ++i) {
    const double along = static_cast<double>(i);
    points[i].radius = radius * (1 + 0.3 * noise.at(along * 0.3, 0));
    points[i].strength = std::clamp(0.8 + 0.9 * noise.rough_at(along * 0.15, 7), 0.0, 1.0);
  }
}

}  // namespace

void Scratches::validate() const {
  check_probability("scratches.probability", probability);
  check_range("scratches.count", count, 0, 1000);
  check_range("scratches.length", length, 0.001, 5);
  check_range("scratches.width", width, 0.1, 50);
  check_range("scratches.bend", bend, 0, 6.3);
  check_range("scratches.alpha", alpha, 0, 1);
  check_probability("scratches.white", white);
  check_probability("scratches.cut", cut);
}

void apply(const Scratches& scratches, Canvas& canvas, common::KeyedRandom& random) {
  const int64_t count = std::llround(draw_skewed(scratches.count, 2, random));
  // The scratches of a picture come from few movements: most have one direction.
  const double main_angle = draw_angle(random);
  for (int64_t i = 0; i < count; ++i) {
    const bool follows = random.chance(0.6);
    const double angle = follows ? main_angle + 0.15 * random.normal() : draw_angle(random);
    std::vector<StrokePoint> points = wander(draw_path(scratches, canvas, angle, random), random);
    Fill fill;
    if (scratches.cut > 0 && random.chance(scratches.cut)) {
      const double width = draw(scratches.width, random) * canvas.unit;
      for (StrokePoint& point : points) point.radius = width / 2;
      fill.tone = random.chance(0.5) ? random.uniform(0.75, 1) : random.uniform(0, 0.75);
      fill.has_hard_rims = random.chance(0.7);
      lay_stroke(canvas, points, 1, fill);
      continue;
    }
    const double width = draw_skewed(scratches.width, 3, random) * canvas.unit;
    press(points, width / 2, Noise(random.word()));
    taper(points, random.uniform(0.1, 0.5));
    fill.tone = random.chance(scratches.white) ? random.uniform(0.8, 1) : random.uniform(0, 0.2);
    lay_stroke(canvas, points, draw(scratches.alpha, random), fill);
  }
}

}  // namespace dataset::ageing

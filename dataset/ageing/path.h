#pragma once

#include <vector>

#include "common/random.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {

/// A line that wanders: where it starts, where it heads, and how it strays. Lengths in pixels.
struct Path {
  double x = 0;
  double y = 0;
  double angle = 0;
  double length = 0;
  double step = 4;
  double curvature = 0;  ///< radians a pixel, the same all along
  double drift = 0;      ///< standard deviation of the heading's lasting change a step
  double zigzag = 0;     ///< standard deviation of the heading's passing change a step
};

/// The points of the path, a step apart, with radius and strength 1. At least two points.
std::vector<StrokePoint> wander(const Path& path, common::KeyedRandom& random);

/// The same line with `pieces` points for one, radius and strength 1: so that they can change
/// between two points of the path.
std::vector<StrokePoint> refined(const std::vector<StrokePoint>& points, int pieces);

/// Thins the stroke to nothing over this share of its length at both ends.
void taper(std::vector<StrokePoint>& points, double share);

}  // namespace dataset::ageing

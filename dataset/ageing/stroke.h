#pragma once

#include <vector>

#include "common/random.h"
#include "dataset/ageing/shapes.h"

namespace dataset::ageing {

/// A point of a stroke: place and radius in pixels, and how strongly it covers, 0 to 1.
struct StrokePoint {
  double x = 0;
  double y = 0;
  double radius = 1;
  double strength = 1;
};

/// A line through the points; its radius and strength change from each to the next. Anti-aliased,
/// also where it is thinner than a pixel.
Mask draw_stroke(const Channel& picture, const std::vector<StrokePoint>& points);

/// Lays the same stroke over the picture, in bands of rows: a scratch across a large picture needs
/// no mask of that size.
void lay_stroke(Canvas& canvas, const std::vector<StrokePoint>& points, double alpha,
                const Fill& fill);

/// The same points moved by (dx, dy).
std::vector<StrokePoint> moved(std::vector<StrokePoint> points, double dx, double dy);

/// A line that wanders: its start, its direction and how that changes. Lengths in pixels.
struct Path {
  double x = 0;
  double y = 0;
  double angle = 0;
  double length = 0;
  double step = 4;
  double curvature = 0;  ///< radians a pixel, the same all along
  double drift = 0;      ///< standard deviation of the lasting change of direction in a step
  double zigzag = 0;     ///< standard deviation of the change of direction for one step only
};

/// The points of the path, a step apart, with radius and strength 1. At least two points.
std::vector<StrokePoint> wander(const Path& path, common::KeyedRandom& random);

/// The same line with `pieces` points for each one, radius and strength 1: they can then change
/// between two points of the path.
std::vector<StrokePoint> refined(const std::vector<StrokePoint>& points, int pieces);

/// Thins the stroke to nothing over this share of its length at both ends.
void taper(std::vector<StrokePoint>& points, double share);

}  // namespace dataset::ageing

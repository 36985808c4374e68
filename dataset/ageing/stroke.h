#pragma once

#include <vector>

#include "dataset/ageing/mask.h"

namespace dataset::ageing {

/// A point of a stroke: place and radius in pixels, and how strongly it covers, 0 to 1.
struct StrokePoint {
  double x = 0;
  double y = 0;
  double radius = 1;
  double strength = 1;
};

/// A line through the points whose radius and strength change from one to the next; anti-aliased,
/// also where it is thinner than a pixel.
Mask draw_stroke(const Plane& picture, const std::vector<StrokePoint>& points);

/// Lays the same stroke over the picture in bands of rows, so that a scratch across a large picture
/// needs no mask of its size.
void lay_stroke(Canvas& canvas, const std::vector<StrokePoint>& points, double alpha,
                const Fill& fill);

/// The same points moved by (dx, dy).
std::vector<StrokePoint> moved(std::vector<StrokePoint> points, double dx, double dy);

}  // namespace dataset::ageing

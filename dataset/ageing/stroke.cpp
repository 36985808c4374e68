#include "dataset/ageing/stroke.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {
namespace {

/// Coverage of a pixel at this distance from the middle of a line of this radius. A line thinner
/// than a pixel keeps its width on the page by becoming fainter.
double line_coverage(double distance, double radius) {
  if (radius < 0.5) return 2 * radius * std::max(0.0, 1 - distance);
  return std::clamp(radius + 0.5 - distance, 0.0, 1.0);
}

Mask box_around(const Plane& picture, const std::vector<StrokePoint>& points) {
  double left = picture.width, top = picture.height, right = 0, bottom = 0;
  for (const StrokePoint& p : points) {
    const double reach = p.radius + 1;
    left = std::min(left, p.x - reach);
    right = std::max(right, p.x + reach);
    top = std::min(top, p.y - reach);
    bottom = std::max(bottom, p.y + reach);
  }
  return {picture, left, top, right, bottom};
}

int column(double place, const Mask& mask) {
  return static_cast<int>(
      std::clamp(place, static_cast<double>(mask.left()), static_cast<double>(mask.right())));
}

int line(double place, const Mask& mask) {
  return static_cast<int>(
      std::clamp(place, static_cast<double>(mask.top()), static_cast<double>(mask.bottom())));
}

void draw_segment(Mask& mask, const StrokePoint& a, const StrokePoint& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = std::max(dx * dx + dy * dy, 1e-12);
  const double reach = std::max(a.radius, b.radius) + 1, reach2 = reach * reach;
  const int left = column(std::floor(std::min(a.x, b.x) - reach), mask);
  const int right = column(std::ceil(std::max(a.x, b.x) + reach), mask);
  const int bottom = line(std::ceil(std::max(a.y, b.y) + reach), mask);
  for (int y = line(std::floor(std::min(a.y, b.y) - reach), mask); y < bottom; ++y) {
    float* row = mask.row(y);
    for (int x = left; x < right; ++x) {
      const double px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      const double t = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
      const double ox = px - t * dx, oy = py - t * dy, distance2 = ox * ox + oy * oy;
      if (distance2 >= reach2) continue;
      const double radius = a.radius + (b.radius - a.radius) * t;
      const double strength = a.strength + (b.strength - a.strength) * t;
      const double covered = line_coverage(std::sqrt(distance2), radius) * strength;
      float& pixel = row[x - mask.left()];
      pixel = std::max(pixel, static_cast<float>(covered));  // segments share their end points
    }
  }
}

}  // namespace

Mask draw_stroke(const Plane& picture, const std::vector<StrokePoint>& points) {
  Mask mask = box_around(picture, points);
  for (size_t i = 1; i < points.size(); ++i) draw_segment(mask, points[i - 1], points[i]);
  return mask;
}

std::vector<StrokePoint> moved(std::vector<StrokePoint> points, double dx, double dy) {
  for (StrokePoint& p : points) {
    p.x += dx;
    p.y += dy;
  }
  return points;
}

}  // namespace dataset::ageing

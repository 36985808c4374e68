#include "dataset/ageing/stroke.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {
namespace {

constexpr int kBandRows = 64;

/// A piece of a stroke, and the box that it may cover.
struct Segment {
  const StrokePoint& a;
  const StrokePoint& b;
  double reach = std::max(a.radius, b.radius) + 1;
  double left = std::min(a.x, b.x) - reach;
  double right = std::max(a.x, b.x) + reach;
  double top = std::min(a.y, b.y) - reach;
  double bottom = std::max(a.y, b.y) + reach;
};

/// Coverage of a pixel at this distance from the middle of a line of this radius. A line thinner
/// than a pixel becomes fainter instead of thinner.
double line_coverage(double distance, double radius) {
  if (radius < 0.5) return 2 * radius * std::max(0.0, 1 - distance);
  return std::clamp(radius + 0.5 - distance, 0.0, 1.0);
}

void draw_segment(Mask& mask, const Segment& segment) {
  const auto& [a, b, reach, to_left, to_right, to_top, to_bottom] = segment;
  const auto column = [&](double place) {
    return static_cast<int>(std::clamp<double>(place, mask.left(), mask.right()));
  };
  const auto line = [&](double place) {
    return static_cast<int>(std::clamp<double>(place, mask.top(), mask.bottom()));
  };
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = std::max(dx * dx + dy * dy, 1e-12);
  const int left = column(std::floor(to_left)), right = column(std::ceil(to_right));
  const int bottom = line(std::ceil(to_bottom));
  for (int y = line(std::floor(to_top)); y < bottom; ++y) {
    float* row = mask.row(y);
    for (int x = left; x < right; ++x) {
      const double px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      const double t = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
      const double ox = px - t * dx, oy = py - t * dy, distance2 = ox * ox + oy * oy;
      if (distance2 >= reach * reach) continue;
      const double radius = a.radius + (b.radius - a.radius) * t;
      const double strength = a.strength + (b.strength - a.strength) * t;
      const double covered = line_coverage(std::sqrt(distance2), radius) * strength;
      float& pixel = row[x - mask.left()];
      pixel = std::max(pixel, static_cast<float>(covered));  // segments share their end points
    }
  }
}

/// The segments that may cover the rows `top` to `bottom` - 1.
std::vector<Segment> segments_between(const std::vector<StrokePoint>& points, double top,
                                      double bottom) {
  std::vector<Segment> segments;
  for (size_t i = 1; i < points.size(); ++i) {
    const Segment segment{points[i - 1], points[i]};
    if (segment.bottom > top && segment.top < bottom) segments.push_back(segment);
  }
  return segments;
}

Mask draw_segments(const Channel& picture, const std::vector<Segment>& segments, double top,
                   double bottom) {
  double left = picture.width, right = 0;
  for (const Segment& segment : segments) {
    left = std::min(left, segment.left);
    right = std::max(right, segment.right);
  }
  Mask mask(picture, left, top, right, bottom);
  for (const Segment& segment : segments) draw_segment(mask, segment);
  return mask;
}

}  // namespace

Mask draw_stroke(const Channel& picture, const std::vector<StrokePoint>& points) {
  return draw_segments(picture, segments_between(points, 0, picture.height), 0, picture.height);
}

void lay_stroke(Canvas& canvas, const std::vector<StrokePoint>& points, double alpha,
                const Fill& fill) {
  for (int top = 0; top < canvas.gray.height; top += kBandRows) {
    const auto segments = segments_between(points, top, top + kBandRows);
    if (segments.empty()) continue;
    lay(canvas, draw_segments(canvas.gray, segments, top, top + kBandRows), alpha, fill);
  }
}

std::vector<StrokePoint> moved(std::vector<StrokePoint> points, double dx, double dy) {
  for (StrokePoint& p : points) {
    p.x += dx;
    p.y += dy;
  }
  return points;
}

std::vector<StrokePoint> wander(const Path& path, common::KeyedRandom& random) {
  const auto num_steps = std::max<int64_t>(1, std::llround(path.length / path.step));
  const double step = path.length / static_cast<double>(num_steps);
  std::vector<StrokePoint> points{{path.x, path.y, 1, 1}};
  double heading = path.angle;
  for (int64_t i = 0; i < num_steps; ++i) {
    heading += path.curvature * step + path.drift * random.normal();
    const double angle = heading + path.zigzag * random.normal();
    const StrokePoint& last = points.back();
    points.push_back({last.x + step * std::cos(angle), last.y + step * std::sin(angle), 1, 1});
  }
  return points;
}

std::vector<StrokePoint> refined(const std::vector<StrokePoint>& points, int pieces) {
  std::vector<StrokePoint> result{points.front()};
  for (size_t i = 1; i < points.size(); ++i) {
    const StrokePoint& a = points[i - 1];
    const StrokePoint& b = points[i];
    for (int k = 1; k <= pieces; ++k) {
      const double t = static_cast<double>(k) / pieces;
      result.push_back({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, 1, 1});
    }
  }
  return result;
}

void taper(std::vector<StrokePoint>& points, double share) {
  const double reach = std::max(1e-6, share * static_cast<double>(points.size() - 1));
  for (size_t i = 0; i < points.size(); ++i) {
    const auto from_end = static_cast<double>(std::min(i, points.size() - 1 - i));
    points[i].radius *= std::min(1.0, from_end / reach);
  }
}

}  // namespace dataset::ageing

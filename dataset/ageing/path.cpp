#include "dataset/ageing/path.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {

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

#include "dataset/ageing/creases.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/ageing/draw.h"
#include "dataset/ageing/limits.h"
#include "dataset/ageing/path.h"

namespace dataset::ageing {
namespace {

const common::Range kStep{6, 22};  // from kink to kink, pixels at 512 on the short side
constexpr int kBranchings = 2;     // branches have branches, those have none
constexpr double kPi = std::numbers::pi;

/// What the cracks of one crease share.
struct Crease {
  double width;
  double branching;
  double alpha;
  double shadow;
  Fill paper;
};

Crease draw_crease(const Creases& creases, const Canvas& canvas, common::KeyedRandom& random) {
  Crease crease;
  crease.width = draw_skewed(creases.width, 2, random) * canvas.unit;
  crease.branching = draw(creases.branching, random);
  crease.alpha = draw(creases.alpha, random);
  crease.shadow = draw(creases.shadow, random);
  crease.paper.tone = random.uniform(0.72, 1);
  crease.paper.variation = 0.1;
  crease.paper.feature = 3 * canvas.unit;
  crease.paper.noise = Noise(random.word());
  return crease;
}

/// The paper opened more here, less there, and in places not at all; here and there it flaked off.
void open_unevenly(std::vector<StrokePoint>& points, double radius, const Noise& noise) {
  for (size_t i = 0; i < points.size(); ++i) {
    const double along = static_cast<double>(i);
    const double flake = 1 + 3 * std::max(0.0, noise.at(along * 0.4, 30) - 0.4);
    points[i].radius = radius * flake * std::max(0.15, 0.75 + noise.rough_at(along * 0.6, 0));
    points[i].strength = std::clamp(0.95 + 0.9 * noise.at(along * 0.25, 9), 0.25, 1.0);
  }
}

void lay_crack(const Crease& crease, Canvas& canvas, std::vector<StrokePoint> points,
               common::KeyedRandom& random) {
  const double offset = 0.5 * crease.width + 0.6 * canvas.unit;
  Fill dark;
  dark.tone = 0.05;
  lay_stroke(canvas, moved(points, offset, offset), crease.shadow, dark);
  open_unevenly(points, crease.width / 2, Noise(random.word()));
  lay_stroke(canvas, points, crease.alpha, crease.paper);
}

/// More points on the same line, close enough for its width to change between two kinks.
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

void add_crack(const Crease& crease, const Path& path, int branchings, Canvas& canvas,
               common::KeyedRandom& random) {
  const std::vector<StrokePoint> kinks = wander(path, random);
  std::vector<StrokePoint> points = refined(kinks, kPieces);
  for (StrokePoint& point : points) point.radius = 0.5 * crease.width;
  taper(points, 0.1);
  lay_crack(crease, canvas, points, random);
  if (branchings == 0) return;
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    if (!random.chance(crease.branching)) continue;
    Crease thinner = crease;
    thinner.width *= random.uniform(0.4, 0.9);
    Path branch = path;
    branch.x = points[i].x;
    branch.y = points[i].y;
    const double turn = random.uniform(0.3, 1.3) * (random.chance(0.5) ? 1 : -1);
    branch.angle = std::atan2(points[i + 1].y - points[i].y, points[i + 1].x - points[i].x) + turn;
    branch.length *= random.uniform(0.1, 0.5);
    add_crack(thinner, branch, branchings - 1, canvas, random);
  }
}

/// Across the whole picture from left to right or from top to bottom, nearly straight.
Path draw_fold(const Canvas& canvas, common::KeyedRandom& random) {
  const double w = canvas.gray.width, h = canvas.gray.height;
  const bool is_level = random.chance(0.5);
  Path path;
  path.x = is_level ? 0 : random.uniform(0.1, 0.9) * w;
  path.y = is_level ? random.uniform(0.1, 0.9) * h : 0;
  path.angle = (is_level ? 0 : kPi / 2) + 0.05 * random.normal();
  path.length = 1.05 * (is_level ? w : h);
  path.zigzag = 0.06;
  return path;
}

/// From a point that lies near an edge more often than not, to anywhere.
Path draw_crack(const Creases& creases, const Canvas& canvas, common::KeyedRandom& random) {
  const double w = canvas.gray.width, h = canvas.gray.height;
  Path path;
  path.x = (0.5 + 0.5 * std::cos(random.uniform(0, kPi))) * w;  // the arcsine law crowds the edges
  path.y = (0.5 + 0.5 * std::cos(random.uniform(0, kPi))) * h;
  path.angle = std::atan2(0.5 * h - path.y, 0.5 * w - path.x) + 0.7 * random.normal();
  path.length = draw_skewed(creases.length, 2, random) * canvas.short_side();
  path.zigzag = draw(creases.zigzag, random);
  path.drift = 0.3 * path.zigzag;
  return path;
}

}  // namespace

void Creases::validate() const {
  check_probability("creases.probability", probability);
  check_range("creases.count", count, 0, 100);
  check_range("creases.length", length, 0.01, 5);
  check_range("creases.width", width, 0.1, 50);
  check_range("creases.zigzag", zigzag, 0, 2);
  check_range("creases.branching", branching, 0, 0.3);  // more would grow without end
  check_range("creases.alpha", alpha, 0, 1);
  check_range("creases.shadow", shadow, 0, 1);
  check_probability("creases.folded", folded);
}

void apply(const Creases& creases, Canvas& canvas, common::KeyedRandom& random) {
  const int64_t count = std::llround(draw_skewed(creases.count, 2, random));
  for (int64_t i = 0; i < count; ++i) {
    Crease crease = draw_crease(creases, canvas, random);
    const bool is_fold = random.chance(creases.folded);
    Path path = is_fold ? draw_fold(canvas, random) : draw_crack(creases, canvas, random);
    path.step = std::max(2.0, kStep * canvas.unit);
    add_crack(crease, path, is_fold ? 0 : kBranchings, canvas, random);
  }
}

}  // namespace dataset::ageing

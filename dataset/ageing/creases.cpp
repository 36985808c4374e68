#include "dataset/ageing/creases.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {
namespace {

const common::Range kStep{6, 22};  // from kink to kink, pixels at 512 on the short side
constexpr int kBranchings = 2;     // branches have branches, and those have none
constexpr int kPieces = 5;         // of the line between two kinks, each of its own width
constexpr int kNetDensity = 4;     // times as many cracks in a net
constexpr double kPi = std::numbers::pi;

/// What the cracks of one crease have in common.
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

/// The crack is wider here and narrower there; in places it is closed, or the paper flaked off.
void open_unevenly(std::vector<StrokePoint>& points, const Noise& noise) {
  for (size_t i = 0; i < points.size(); ++i) {
    const double along = static_cast<double>(i);
    const double flake = 1 + 2.5 * std::max(0.0, noise.rough_at(along * 0.45, 30) - 0.3);
    points[i].x += 0.5 * points[i].radius * noise.rough_at(along * 0.9, 50);
    points[i].y += 0.5 * points[i].radius * noise.rough_at(along * 0.9, 70);
    points[i].radius *= flake * std::max(0.15, 0.75 + noise.rough_at(along * 0.7, 0));
    points[i].strength = std::clamp(0.95 + 0.9 * noise.at(along * 0.25, 9), 0.25, 1.0);
  }
}

void lay_crack(const Crease& crease, Canvas& canvas, std::vector<StrokePoint> points,
               common::KeyedRandom& random) {
  const double offset = 0.5 * crease.width + 0.6 * canvas.unit;
  Fill dark;
  dark.tone = 0.05;
  lay_stroke(canvas, moved(points, offset, offset), crease.shadow, dark);
  open_unevenly(points, Noise(random.word()));
  lay_stroke(canvas, points, crease.alpha, crease.paper);
}

/// Lays the crack and its branches; returns its kinks, from which other cracks may grow.
std::vector<StrokePoint> add_crack(const Crease& crease, const Path& path, int branchings,
                                   Canvas& canvas, common::KeyedRandom& random) {
  const std::vector<StrokePoint> kinks = wander(path, random);
  std::vector<StrokePoint> points = refined(kinks, kPieces);
  for (StrokePoint& point : points) point.radius = 0.5 * crease.width;
  taper(points, 0.1);
  lay_crack(crease, canvas, points, random);
  if (branchings == 0) return kinks;
  for (size_t i = 1; i + 1 < kinks.size(); ++i) {
    if (!random.chance(crease.branching)) continue;
    Crease thinner = crease;
    thinner.width *= random.uniform(0.4, 0.9);
    Path branch = path;
    branch.x = kinks[i].x;
    branch.y = kinks[i].y;
    const double turn = random.uniform(0.3, 1.3) * (random.chance(0.5) ? 1 : -1);
    branch.angle = std::atan2(kinks[i + 1].y - kinks[i].y, kinks[i + 1].x - kinks[i].x) + turn;
    branch.length *= random.uniform(0.1, 0.5);
    add_crack(thinner, branch, branchings - 1, canvas, random);
  }
  return kinks;
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

/// From a point, more often near an edge, in any direction.
Path draw_crack(const Creases& creases, const Canvas& canvas, common::KeyedRandom& random) {
  const double w = canvas.gray.width, h = canvas.gray.height;
  Path path;
  path.x = (0.5 + 0.5 * std::cos(random.uniform(0, kPi))) * w;  // the arcsine law crowds the edges
  path.y = (0.5 + 0.5 * std::cos(random.uniform(0, kPi))) * h;
  path.angle = std::atan2(0.5 * h - path.y, 0.5 * w - path.x) + 0.7 * random.normal();
  path.length = draw_skewed(creases.length, 1.5, random) * canvas.short_side();
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
  check_probability("creases.crazed", crazed);
}

void apply(const Creases& creases, Canvas& canvas, common::KeyedRandom& random) {
  const bool is_crazed = random.chance(creases.crazed);
  const int density = is_crazed ? kNetDensity : 1;
  const int64_t count = std::llround(draw_skewed(creases.count, 2, random)) * density;
  std::vector<StrokePoint> joints;
  for (int64_t i = 0; i < count; ++i) {
    Crease crease = draw_crease(creases, canvas, random);
    const bool is_fold = random.chance(creases.folded / density);
    Path path = is_fold ? draw_fold(canvas, random) : draw_crack(creases, canvas, random);
    if (is_crazed && !is_fold && !joints.empty()) {
      const auto joint = static_cast<size_t>(random.integer(static_cast<int64_t>(joints.size())));
      path.x = joints[joint].x;
      path.y = joints[joint].y;
      path.angle = draw_angle(random);
    }
    path.step = std::max(2.0, draw(kStep, random) * canvas.unit);
    const auto kinks = add_crack(crease, path, is_fold ? 0 : kBranchings, canvas, random);
    joints.insert(joints.end(), kinks.begin(), kinks.end());
  }
}

}  // namespace dataset::ageing

#include "eval/inpainting.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace eval {
namespace {

namespace ageing = dataset::ageing;

constexpr double kWidthSkew = 0.3;  // wide shapes more often: the density grows with the width

double draw_tone(common::KeyedRandom& random) {
  switch (random.integer(4)) {
    case 0: return random.uniform(0, 0.2);
    case 1: return random.uniform(0.2, 0.75);
    default: return random.uniform(0.75, 1);
  }
}

/// A line of one width through a point anywhere in the picture, half of its length on either side.
ageing::Mask draw_line(const HolePattern& pattern, const ageing::Plane& picture,
                       common::KeyedRandom& random) {
  const double width = ageing::draw_skewed(pattern.width, kWidthSkew, random);
  ageing::Path path;
  path.angle = ageing::draw_angle(random);
  path.length = ageing::draw(pattern.length, random);
  path.x = random.uniform(0, picture.width) - 0.5 * path.length * std::cos(path.angle);
  path.y = random.uniform(0, picture.height) - 0.5 * path.length * std::sin(path.angle);
  path.step = std::max(2.0, 0.4 * width);
  path.drift = pattern.drift;
  std::vector<ageing::StrokePoint> points = ageing::wander(path, random);
  for (ageing::StrokePoint& point : points) point.radius = width / 2;
  return ageing::draw_stroke(picture, points);
}

ageing::Mask draw_blotch(const HolePattern& pattern, const ageing::Plane& picture,
                         common::KeyedRandom& random) {
  ageing::Blob blob;
  blob.x = random.uniform(0, picture.width);
  blob.y = random.uniform(0, picture.height);
  blob.radius = ageing::draw_skewed(pattern.width, kWidthSkew, random) / 2;
  blob.elongation = random.uniform(1, 1.3);
  blob.angle = ageing::draw_angle(random);
  blob.roughness = random.uniform(0.05, 0.2);
  blob.noise = ageing::Noise(random.word());
  return ageing::draw_blob(picture, blob);
}

/// Hard edges: a pixel is gone if the shape covers at least half of it.
void cut(const ageing::Mask& mask, float tone, imaging::Plane& picture, imaging::Plane& holes) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    const float* coverage = mask.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      if (coverage[x - mask.left()] < 0.5F) continue;
      picture.row(y)[x] = tone;
      holes.row(y)[x] = 1;
    }
  }
}

}  // namespace

imaging::Plane cut_holes(const HolePattern& pattern, uint64_t key, imaging::Plane& picture) {
  common::KeyedRandom random(key);
  imaging::Plane holes(picture.height, picture.width);
  const ageing::Plane page(static_cast<int>(picture.width), static_cast<int>(picture.height));
  const double area = static_cast<double>(picture.values.size()) / kPatternPixels;
  const auto drawn = static_cast<double>(ageing::draw_count(pattern.count, random));
  for (int64_t left = std::max<int64_t>(1, std::llround(drawn * area)); left > 0; --left) {
    const ageing::Mask mask = pattern.shape == HolePattern::Shape::line
                                  ? draw_line(pattern, page, random)
                                  : draw_blotch(pattern, page, random);
    cut(mask, static_cast<float>(draw_tone(random)), picture, holes);
  }
  return holes;
}

}  // namespace eval

#include "dataset/ageing/dust.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/stroke.h"

namespace dataset::ageing {
namespace {

/// Areas of one kind of particle in pixels of a frame of 5000x3400: a gamma distribution.
struct Areas {
  double shape;
  double scale;
};
constexpr Areas kDust{6.1, 11}, kDirt{2.3, 71}, kShortHair{2.2, 146}, kLongHair{2.95, 364};
constexpr double kFrameShortSide = 3400;
constexpr double kSmallestRadius = 0.4;  // pixels

/// What the particles of one picture have in common.
struct Cloud {
  const Dust& dust;
  Canvas& canvas;
  common::KeyedRandom& random;
  double enlargement;  // pixels here for one pixel of the measured frame
  double draw_area(const Areas& areas) const {
    return random.gamma(areas.shape, areas.scale) * enlargement * enlargement;
  }
  Fill draw_fill() const {
    Fill fill;
    fill.tone = random.chance(dust.white) ? random.uniform(0.75, 1) : random.uniform(0, 0.25);
    return fill;
  }
};

void add_speck(const Cloud& cloud, const Areas& areas, double roughness) {
  common::KeyedRandom& random = cloud.random;
  Blob blob;
  blob.x = random.uniform(0, cloud.canvas.gray.width);
  blob.y = random.uniform(0, cloud.canvas.gray.height);
  const double radius = std::sqrt(cloud.draw_area(areas) / std::numbers::pi);
  blob.radius = std::max(kSmallestRadius, radius);
  blob.elongation = random.uniform(1, 2);
  blob.angle = draw_angle(random);
  blob.roughness = roughness;
  blob.noise = Noise(random.word());
  // A speck too small to be drawn at its size is fainter instead.
  const double shrunk = radius / blob.radius;
  const double alpha = draw(cloud.dust.alpha, random) * shrunk * shrunk;
  lay(cloud.canvas, draw_blob(cloud.canvas.gray, blob), alpha, cloud.draw_fill());
}

void add_hair(const Cloud& cloud, const Areas& areas) {
  common::KeyedRandom& random = cloud.random;
  const double area = cloud.draw_area(areas);
  const double width = random.uniform(4, 7) * cloud.enlargement;  // as the measured hairs
  Path path;
  path.angle = draw_angle(random);
  path.length = area / width;
  path.x = random.uniform(0, cloud.canvas.gray.width) - 0.5 * path.length * std::cos(path.angle);
  path.y = random.uniform(0, cloud.canvas.gray.height) - 0.5 * path.length * std::sin(path.angle);
  path.step = std::max(1.0, path.length / 16);
  const double bend = 2 * random.normal();
  path.curvature = bend / path.length;
  path.angle -= 0.5 * bend;
  path.drift = 0.15;
  std::vector<StrokePoint> points = wander(path, random);
  for (StrokePoint& point : points) point.radius = width / 2;
  const double alpha = draw(cloud.dust.alpha, random);
  lay_stroke(cloud.canvas, points, alpha, cloud.draw_fill());
}

int64_t count_of(const common::Range& range, double share) {
  return std::llround(range.low + (range.high - range.low) * share);
}

}  // namespace

void Dust::validate() const {
  check_probability("dust.probability", probability);
  check_range("dust.dust_count", dust_count, 0, 10000);
  check_range("dust.dirt_count", dirt_count, 0, 10000);
  check_range("dust.short_hair_count", short_hair_count, 0, 1000);
  check_range("dust.long_hair_count", long_hair_count, 0, 1000);
  check_range("dust.size", size, 0.1, 20);
  check_range("dust.alpha", alpha, 0, 1);
  check_probability("dust.white", white);
}

void apply(const Dust& dust, Canvas& canvas, common::KeyedRandom& random) {
  const double size = draw_skewed(dust.size, 1.5, random);
  const double dustiness = random.uniform();
  const double hairiness = draw_skewed({0, 1}, 3, random);  // in two of ten frames there was lint
  const double enlargement = size * canvas.short_side() / kFrameShortSide;
  const Cloud cloud{dust, canvas, random, enlargement};
  for (int64_t i = count_of(dust.dust_count, dustiness); i > 0; --i) add_speck(cloud, kDust, 0.3);
  for (int64_t i = count_of(dust.dirt_count, dustiness); i > 0; --i) add_speck(cloud, kDirt, 0.7);
  for (int64_t i = count_of(dust.short_hair_count, hairiness); i > 0; --i)
    add_hair(cloud, kShortHair);
  for (int64_t i = count_of(dust.long_hair_count, hairiness); i > 0; --i)
    add_hair(cloud, kLongHair);
}

}  // namespace dataset::ageing

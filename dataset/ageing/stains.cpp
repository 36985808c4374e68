#include "dataset/ageing/stains.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/blur.h"
#include "dataset/ageing/ranges.h"
#include "dataset/ageing/shapes.h"

namespace dataset::ageing {
namespace {

/// A spot whose place and radius are given; its rim is at least `softness` of the radius wide.
Blob draw_spot(double x, double y, double radius, double most_elongation, double softness,
               common::KeyedRandom& random) {
  Blob blob;
  blob.x = x;
  blob.y = y;
  blob.radius = radius;
  blob.elongation = random.uniform(1, most_elongation);
  blob.angle = draw_angle(random);
  blob.roughness = random.uniform(0.2, 0.6);
  blob.softness = std::max(1.0, random.uniform(softness, 1) * blob.radius);
  blob.noise = Noise(random.word());
  return blob;
}

/// Only the rim, where the spot fades out: coverage 0 and 1 become 0, one half becomes 1.
Mask rim_of(Mask mask) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    float* row = mask.row(y);
    for (int i = 0; i < mask.right() - mask.left(); ++i) row[i] = 4 * row[i] * (1 - row[i]);
  }
  return mask;
}

/// Specks about a few places, each cloud as wide as it likes.
void add_foxing(Canvas& canvas, common::KeyedRandom& random) {
  const double tone = random.uniform(0.2, 0.55);
  for (int64_t cloud = 1 + random.integer(4); cloud > 0; --cloud) {
    const double x = random.uniform(0, canvas.gray.width);
    const double y = random.uniform(0, canvas.gray.height);
    const double spread = random.uniform(0.05, 0.4) * canvas.short_side();
    for (int64_t speck = 5 + random.integer(40); speck > 0; --speck) {
      const double speck_x = x + spread * random.normal();
      const double speck_y = y + spread * random.normal();
      const double radius = draw_skewed({1.5, 9}, 2, random) * canvas.unit;
      const Blob blob = draw_spot(speck_x, speck_y, radius, 1.6, 0.3, random);
      Fill fill;
      fill.tone = tone;
      lay(canvas, draw_blob(canvas.gray, blob), random.uniform(0.15, 0.7), fill);
    }
  }
}

/// How dark each pixel is, less the farther it lies from the nearest edge.
void add_silvering(Canvas& canvas, common::KeyedRandom& random) {
  const double reach = random.uniform(0.03, 0.2) * canvas.short_side();
  const double feature = random.uniform(20, 80) * canvas.unit;
  const Noise noise(random.word());
  const int width = canvas.gray.width, height = canvas.gray.height;
  Channel soft = canvas.gray;  // silver moves over grains
  smooth(soft, gaussian_kernel(2 * canvas.unit));
  Mask mask(canvas.gray, 0, 0, width, height);
  for (int y = 0; y < height; ++y) {
    const float* gray = soft.row(y);
    float* row = mask.row(y);
    for (int x = 0; x < width; ++x) {
      const double distance = std::min({x, y, width - 1 - x, height - 1 - y});
      const double wavering = reach * (1 + 0.7 * noise.rough_at(x / feature, y / feature));
      const double darkness = std::clamp(1 - 2.0 * gray[x], 0.0, 1.0);
      row[x] = static_cast<float>(darkness * std::exp(-distance / std::max(wavering, 1.0)));
    }
  }
  Fill silver;
  silver.tone = random.uniform(0.5, 0.8);
  lay(canvas, mask, random.uniform(0.3, 0.8), silver);
}

}  // namespace

void Stains::validate() const {
  check_probability("stains.probability", probability);
  check_range("stains.count", count, 0, 100);
  check_range("stains.size", size, 1, 1024);
  check_range("stains.alpha", alpha, 0, 1);
  check_probability("stains.dark", dark);
  check_probability("stains.rimmed", rimmed);
  check_probability("stains.foxed", foxed);
  check_probability("stains.silvered", silvered);
}

void apply(const Stains& stains, Canvas& canvas, common::KeyedRandom& random) {
  const int64_t count = std::llround(draw_skewed(stains.count, 2, random));
  for (int64_t i = 0; i < count; ++i) {
    const double x = random.uniform(0, canvas.gray.width);
    const double y = random.uniform(0, canvas.gray.height);
    const double radius = 0.5 * draw_skewed(stains.size, 2, random) * canvas.unit;
    Blob blob = draw_spot(x, y, radius, 2, 0.1, random);
    const double alpha = draw_skewed(stains.alpha, 2, random);
    Fill fill;
    fill.tone = random.chance(stains.dark) ? random.uniform(0.05, 0.35) : random.uniform(0.8, 1);
    fill.variation = random.uniform(0, 0.15);
    fill.feature = 20 * canvas.unit;
    fill.noise = Noise(random.word());
    const bool is_rimmed = random.chance(stains.rimmed);
    lay(canvas, draw_blob(canvas.gray, blob), alpha, fill);
    if (!is_rimmed) continue;
    blob.softness = std::max(1.5, 3 * canvas.unit);
    lay(canvas, rim_of(draw_blob(canvas.gray, blob)), 0.7 * alpha, fill);
  }
  // After the spots, and drawn only if asked for: who does not ask gets the pictures of before.
  if (stains.foxed > 0 && random.chance(stains.foxed)) add_foxing(canvas, random);
  if (stains.silvered > 0 && random.chance(stains.silvered)) add_silvering(canvas, random);
}

}  // namespace dataset::ageing

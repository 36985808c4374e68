#include "dataset/ageing/stains.h"

#include <algorithm>
#include <cmath>

#include "dataset/ageing/ranges.h"
#include "dataset/ageing/shapes.h"

namespace dataset::ageing {
namespace {

Blob draw_spot(const Stains& stains, const Canvas& canvas, common::KeyedRandom& random) {
  Blob blob;
  blob.x = random.uniform(0, canvas.gray.width);
  blob.y = random.uniform(0, canvas.gray.height);
  blob.radius = 0.5 * draw_skewed(stains.size, 2, random) * canvas.unit;
  blob.elongation = random.uniform(1, 2);
  blob.angle = draw_angle(random);
  blob.roughness = random.uniform(0.2, 0.6);
  blob.softness = std::max(1.0, random.uniform(0.1, 1) * blob.radius);
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

}  // namespace

void Stains::validate() const {
  check_probability("stains.probability", probability);
  check_range("stains.count", count, 0, 100);
  check_range("stains.size", size, 1, 1024);
  check_range("stains.alpha", alpha, 0, 1);
  check_probability("stains.dark", dark);
  check_probability("stains.rimmed", rimmed);
}

void apply(const Stains& stains, Canvas& canvas, common::KeyedRandom& random) {
  const int64_t count = std::llround(draw_skewed(stains.count, 2, random));
  for (int64_t i = 0; i < count; ++i) {
    Blob blob = draw_spot(stains, canvas, random);
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
}

}  // namespace dataset::ageing

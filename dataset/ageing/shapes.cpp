#include "dataset/ageing/shapes.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {

Mask draw_blob(const Plane& picture, const Blob& blob) {
  const double stretch = std::sqrt(blob.elongation);
  const double reach = blob.radius * stretch * (1 + blob.roughness) + blob.softness;
  Mask mask(picture, blob.x - reach, blob.y - reach, blob.x + reach, blob.y + reach);
  const double c = std::cos(blob.angle), s = std::sin(blob.angle);
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    float* row = mask.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      const double dx = (x + 0.5 - blob.x) / blob.radius, dy = (y + 0.5 - blob.y) / blob.radius;
      const double along = (c * dx + s * dy) / stretch, across = (c * dy - s * dx) * stretch;
      const double rim = 1 + blob.roughness * blob.noise.rough_at(1.5 * dx + 100, 1.5 * dy + 100);
      const double inside = rim - std::sqrt(along * along + across * across);
      const double covered = 0.5 + inside * blob.radius / blob.softness;
      row[x - mask.left()] = static_cast<float>(std::clamp(covered, 0.0, 1.0));
    }
  }
  return mask;
}

namespace {

/// The part of the picture that can lie less than `reach` behind the tear's line.
Mask box_behind(const Plane& picture, double c, double s, double reach) {
  const double w = picture.width, h = picture.height;
  const double wide = std::abs(c) > 1e-3 ? std::min(w, reach / std::abs(c)) : w;
  const double tall = std::abs(s) > 1e-3 ? std::min(h, reach / std::abs(s)) : h;
  return {picture, c < 0 ? w - wide : 0, s < 0 ? h - tall : 0, c < 0 ? w : wide, s < 0 ? h : tall};
}

}  // namespace

Mask draw_tear(const Plane& picture, const Tear& tear, double margin) {
  const double c = std::cos(tear.angle), s = std::sin(tear.angle);
  const double corner_x = c < 0 ? picture.width : 0, corner_y = s < 0 ? picture.height : 0;
  Mask mask = box_behind(picture, c, s, tear.depth + tear.raggedness + margin + 1);
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    float* row = mask.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      const double behind = c * (x + 0.5 - corner_x) + s * (y + 0.5 - corner_y);
      const double rim = tear.depth + margin +
                         tear.raggedness * tear.noise.rough_at(x / tear.feature, y / tear.feature);
      row[x - mask.left()] = static_cast<float>(std::clamp(0.5 + rim - behind, 0.0, 1.0));
    }
  }
  return mask;
}

}  // namespace dataset::ageing

#include "dataset/ageing/shapes.h"

#include <algorithm>
#include <cmath>

namespace dataset::ageing {
namespace {

double smooth(double t) { return t * t * (3 - 2 * t); }

int clipped(double place, int size) {
  return static_cast<int>(std::clamp(place, 0.0, static_cast<double>(size)));
}

/// A box around the part of the picture that a tear of depth `reach` takes.
Mask box_behind(const Channel& picture, double c, double s, double reach) {
  const double w = picture.width, h = picture.height;
  const double wide = std::abs(c) > 1e-3 ? std::min(w, reach / std::abs(c)) : w;
  const double tall = std::abs(s) > 1e-3 ? std::min(h, reach / std::abs(s)) : h;
  return {picture, c < 0 ? w - wide : 0, s < 0 ? h - tall : 0, c < 0 ? w : wide, s < 0 ? h : tall};
}

}  // namespace

double Noise::lattice(int64_t x, int64_t y) const {
  // The finaliser of MurmurHash3 over the mixed coordinates.
  uint32_t h =
      seed_ ^ (static_cast<uint32_t>(x) * 0x9E3779B1U) ^ (static_cast<uint32_t>(y) * 0x85EBCA77U);
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  return (h ^ (h >> 16)) * 0x1p-31 - 1;
}

double Noise::at(double x, double y) const {
  const double left = std::floor(x), top = std::floor(y);
  const auto i = static_cast<int64_t>(left), j = static_cast<int64_t>(top);
  const double u = smooth(x - left), v = smooth(y - top);
  const double above = lattice(i, j) * (1 - u) + lattice(i + 1, j) * u;
  const double below = lattice(i, j + 1) * (1 - u) + lattice(i + 1, j + 1) * u;
  return above * (1 - v) + below * v;
}

double Noise::rough_at(double x, double y) const {
  constexpr double kSum = 1 + 0.5 + 0.25;
  return (at(x, y) + 0.5 * at(2 * x + 17, 2 * y + 31) + 0.25 * at(4 * x + 71, 4 * y + 43)) / kSum;
}

Mask::Mask(const Channel& picture, double left, double top, double right, double bottom)
    : left_(clipped(std::floor(left), picture.width)),
      top_(clipped(std::floor(top), picture.height)),
      right_(std::max(left_, clipped(std::ceil(right), picture.width))),
      bottom_(std::max(top_, clipped(std::ceil(bottom), picture.height))),
      coverage_(static_cast<size_t>(right_ - left_) * static_cast<size_t>(bottom_ - top_)) {}

double Fill::at(int x, int y) const {
  if (variation == 0) return tone;
  return tone + variation * noise.rough_at(x / feature, y / feature);
}

void lay(Canvas& canvas, const Mask& mask, double alpha, const Fill& fill) {
  for (int y = mask.top(); y < mask.bottom(); ++y) {
    const float* coverage = mask.row(y);
    float* gray = canvas.gray.row(y);
    float* intact = canvas.intact.row(y);
    for (int x = mask.left(); x < mask.right(); ++x) {
      float covered = coverage[x - mask.left()];
      if (fill.has_hard_rims) covered = covered < 0.5F ? 0.0F : 1.0F;
      covered *= static_cast<float>(alpha);
      if (covered <= 0) continue;
      gray[x] += (static_cast<float>(fill.at(x, y)) - gray[x]) * covered;
      intact[x] *= 1 - covered;
    }
  }
}

Mask draw_blob(const Channel& picture, const Blob& blob) {
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

Mask draw_tear(const Channel& picture, const Tear& tear, double margin) {
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
